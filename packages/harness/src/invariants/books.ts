import { until } from "../conditions/condition.ts";
import { isFinal } from "../conditions/job.ts";
import { met, pending, type Sighting } from "../conditions/probe.ts";
import { LabError } from "../errors/lab-error.ts";
import type { JobEntry, JobLedger } from "../ledger/jobs.ts";
import { parseRecords, type SlurmRecord } from "../slurm/records.ts";
import { type AccountedRun, parseRuns, runsArguments } from "../slurm/sacct.ts";
import { STARTED_FILE } from "../verbs/batch-script.ts";
import type { StepContext } from "../verbs/verb.ts";
import type { Ask, FirstLooks } from "./first-looks.ts";

/** How long accounting may be behind, in milliseconds: slurmctld's agent waits 10 s after it could not send. */
const SETTLE_MS = 30_000;

/** One start of a job's script, as the script itself has written it down. */
export interface Start {
  readonly rawId: string;
  /** How often it had been requeued then. */
  readonly restarts: number;
}

/** What three witnesses say of the scenario's jobs: accounting, slurmctld, and the jobs themselves. */
export interface Books {
  readonly runs: readonly AccountedRun[];
  /** Jobs that slurmctld still knows (MinJobAge), one a task or component. */
  readonly records: readonly SlurmRecord[];
  readonly starts: readonly Start[];
}

/** What the books are read from. Nothing is asked when no job was submitted. */
export function bookAsks({ jobs }: Pick<StepContext, "jobs">): readonly Ask[] {
  return jobs.all.length === 0 ? [] : Object.values(asksFor(jobs));
}

function asksFor(jobs: JobLedger) {
  const users = [...new Set(jobs.all.map(({ job }) => job.user))];
  return {
    accounting: { at: "login", argv: runsArguments(jobs.all.map(({ job }) => job.id)) },
    controller: { at: "login", argv: ["scontrol", "-o", "show", "job"] },
    homes: { at: "login", argv: ["cat", ...users.map((user) => `/home/${user}/${STARTED_FILE}`)] },
  } satisfies Record<string, Ask>;
}

const read = new WeakMap<FirstLooks, Promise<Books>>();

/**
 * The books, read when every job has ended in accounting, and when that takes too long as they are then. Read once for
 * all invariants that judge them.
 */
export function booksOf(context: StepContext, looks: FirstLooks): Promise<Books> {
  const books = read.get(looks) ?? readBooks(context, looks);
  read.set(looks, books);
  return books;
}

async function readBooks({ cluster, jobs, signal }: StepContext, looks: FirstLooks): Promise<Books> {
  const entries = jobs.all;
  if (entries.length === 0) return { runs: [], records: [], starts: [] };
  const { accounting, controller, homes } = asksFor(jobs);
  const [first, shown, marks] = await Promise.all(
    [accounting, controller, homes].map((ask) => looks.look(ask)),
  );
  let runs = parseRuns(first?.output ?? "");
  if (looks.accountingWillSettle && settled(runs, entries).is !== "met") {
    const condition = {
      ...accounting,
      title: "every job to have ended in accounting",
      judge: ({ output }: { readonly output: string }) => {
        runs = parseRuns(output);
        return settled(runs, entries);
      },
    } as const;
    // That it does not come to that is for the invariants to tell, each in its own words.
    await until(cluster, condition, { withinMs: SETTLE_MS, signal }).catch(() => signal.throwIfAborted());
  }
  return { runs, records: parseRecords(shown?.output ?? ""), starts: parseStarts(marks?.output ?? "") };
}

function settled(runs: readonly AccountedRun[], entries: readonly JobEntry[]): Sighting<true> {
  const open = entries
    .flatMap(({ job }) => job.parts)
    .filter((part) => !isFinal(lastRun(runs, part)?.state ?? "PENDING"));
  return open.length === 0 ? met(true) : pending(open.join(", "));
}

/** The latest row of a job's part. */
export function lastRun(runs: readonly AccountedRun[], part: string): AccountedRun | undefined {
  return runs.findLast((run) => run.id === part);
}

/** Pure: reads what the marker lines of batch scripts have written. */
export function parseStarts(text: string): Start[] {
  return [...text.matchAll(/^(\d+) (\d+)$/gm)].map(([, rawId = "", restarts]) => ({
    rawId,
    restarts: Number(restarts),
  }));
}

/** Throws when something is wrong; `wrong` has a line for each job. */
export function mustBeRight(wrong: readonly string[], facts: { message: string; expected: string }): void {
  if (wrong.length === 0) return;
  throw new LabError({ kind: "failed", ...facts, seen: wrong.join("\n") });
}
