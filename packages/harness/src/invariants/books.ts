import { setTimeout as pause } from "node:timers/promises";
import { nodeOf } from "../cluster/cluster.ts";
import { isFinal } from "../conditions/job.ts";
import { timeScale } from "../conditions/probe.ts";
import { LabError } from "../errors/lab-error.ts";
import type { JobEntry } from "../ledger/jobs.ts";
import { parseRecords, type SlurmRecord } from "../slurm/records.ts";
import { type AccountedRun, parseRuns, runsArguments } from "../slurm/sacct.ts";
import { STARTED_FILE } from "../verbs/batch-script.ts";
import type { StepContext } from "../verbs/verb.ts";

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

const read = new WeakMap<StepContext, Promise<Books>>();

/**
 * The books, read when every job has ended in accounting, and when that takes too long as they are then. Read once for
 * all invariants that judge them.
 */
export function booksOf(context: StepContext): Promise<Books> {
  const books = read.get(context) ?? readBooks(context);
  read.set(context, books);
  return books;
}

async function readBooks({ cluster, jobs, signal }: StepContext): Promise<Books> {
  const entries = jobs.all;
  if (entries.length === 0) return { runs: [], records: [], starts: [] };
  const login = nodeOf(cluster, "login");
  const users = [...new Set(entries.map(({ job }) => job.user))];
  await using accounting = await login.lens(runsArguments(entries.map(({ job }) => job.id)));
  await using controller = await login.lens(["scontrol", "-o", "show", "job"]);
  await using homes = await login.lens(["cat", ...users.map((user) => `/home/${user}/${STARTED_FILE}`)]);
  const deadline = performance.now() + SETTLE_MS * timeScale();
  for (;;) {
    const runs = parseRuns((await accounting.look()).output);
    if (areSettled(runs, entries) || performance.now() > deadline) {
      const [shown, marks] = await Promise.all([controller.look(), homes.look()]);
      return { runs, records: parseRecords(shown.output), starts: parseStarts(marks.output) };
    }
    await pause(50, undefined, { signal });
  }
}

function areSettled(runs: readonly AccountedRun[], entries: readonly JobEntry[]): boolean {
  return entries.every(({ job }) =>
    job.parts.every((part) => isFinal(lastRun(runs, part)?.state ?? "PENDING")),
  );
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
