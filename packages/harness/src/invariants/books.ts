import type { Look } from "../cluster/lens.ts";
import { type Condition, until } from "../conditions/condition.ts";
import { isFinal } from "../conditions/job.ts";
import { met, pending, type Sighting } from "../conditions/probe.ts";
import { LabError } from "../errors/lab-error.ts";
import type { JobEntry, JobLedger } from "../ledger/jobs.ts";
import { parseRecords, type SlurmRecord } from "../slurm/records.ts";
import { type AccountedRun, lastRun, parseRuns, runsArguments } from "../slurm/sacct.ts";
import { STARTED_FILE } from "../verbs/batch-script.ts";
import type { StepContext } from "../verbs/verb.ts";
import { disagreements } from "./disagreements.ts";
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
 * The books, read when every job has ended in them and they agree, and when that takes too long as they are then. Read once for
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
  const later = { cluster, signal };
  const kept = await settled(
    { ...controller, title: "every job to have ended for slurmctld" },
    shown,
    later,
    (output) => openInController(parseRecords(output), entries),
  );
  const records = parseRecords(kept);
  // slurmdbd makes a row of whatever it hears first of a job, and puts its times right when it hears the rest (20.11).
  const told = looks.accountingWillSettle
    ? await settled(
        { ...accounting, title: "every job to be in accounting as it is for slurmctld" },
        first,
        later,
        (output) => openInAccounting({ runs: parseRuns(output), records }, entries),
      )
    : first?.output;
  return { runs: parseRuns(told ?? ""), records, starts: parseStarts(marks?.output ?? "") };
}

/**
 * What the program prints when nothing is open in it any more, and when that takes too long what it prints then: that it
 * does not come to that is for the invariants to tell, each in its own words.
 */
async function settled(
  ask: Pick<Condition<unknown>, "at" | "argv" | "title">,
  first: Look | undefined,
  { cluster, signal }: Pick<StepContext, "cluster" | "signal">,
  open: (output: string) => readonly string[],
): Promise<string> {
  let latest = first?.output ?? "";
  const judge = ({ output }: Pick<Look, "output">): Sighting<true> => {
    latest = output;
    const still = open(output);
    return still.length === 0 ? met(true) : pending(still.join(", "));
  };
  if (judge({ output: latest }).is !== "met") {
    await until(cluster, { ...ask, judge }, { withinMs: SETTLE_MS, signal }).catch(() =>
      signal.throwIfAborted(),
    );
  }
  return latest;
}

function openInAccounting(
  { runs, records }: Pick<Books, "runs" | "records">,
  entries: readonly JobEntry[],
): string[] {
  const open = entries
    .flatMap(({ job }) => job.parts)
    .filter((part) => !isFinal(lastRun(runs, part)?.state ?? "PENDING"));
  return open.length > 0 ? open : disagreements({ runs, records }, entries);
}

/** Pure: a job is over in accounting once its processes are told to end, and COMPLETING for slurmctld until they have. */
export function openInController(records: readonly SlurmRecord[], entries: readonly JobEntry[]): string[] {
  const ours = new Set(entries.map(({ job }) => job.id));
  return records
    .filter((record) =>
      ours.has(record.get("ArrayJobId") ?? record.get("HetJobId") ?? record.get("JobId") ?? ""),
    )
    .filter((record) => !isFinal(record.get("JobState") ?? "PENDING"))
    .map((record) => record.get("JobId") ?? "");
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
