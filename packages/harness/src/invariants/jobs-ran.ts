import type { JobEntry } from "../ledger/jobs.ts";
import { lastRun } from "../slurm/sacct.ts";
import { type Books, bookAsks, booksOf, mustBeRight } from "./books.ts";
import { defineInvariant } from "./invariant.ts";

/** States that a job comes to only when its script has run. */
const HAS_RUN: readonly string[] = ["COMPLETED", "TIMEOUT", "OUT_OF_MEMORY"];

/** The jobs' own witness: no script runs twice for one start, and none is COMPLETED without having run. */
export const jobsRan = defineInvariant({
  name: "jobs-ran",
  claim: "every job's script has run once for each of its starts",
  asks: bookAsks,
  async check(context, looks): Promise<void> {
    mustBeRight(ranOtherwise(await booksOf(context, looks), context.jobs.all), {
      message: "a job's script has not run as often as Slurm says",
      expected: "one run for each start: in its user's home, .slurmlab-started has a line for each",
    });
  },
});

/**
 * Pure. A start whose script never ran is a loss only where the job ended well from it: a node may fail between the
 * two, and the job is requeued.
 */
export function ranOtherwise(
  { runs, starts }: Pick<Books, "runs" | "starts">,
  entries: readonly JobEntry[],
): string[] {
  const marked = entries.filter((entry) => entry.marked);
  return marked.flatMap(({ job }) =>
    // Only the first component of a heterogeneous job has the script.
    job.parts
      .filter((part) => !/\+[1-9]/.test(part))
      .flatMap((part) => {
        const last = lastRun(runs, part);
        if (!last) return [];
        const own = starts.filter((start) => start.rawId === last.rawId).map((start) => start.restarts);
        const rows = runs.filter((run) => run.id === part).length;
        const twice = own.filter((restart, i) => own.indexOf(restart) !== i);
        if (twice.length > 0)
          return [`job ${part}: ran more than once for its start ${Number(twice[0]) + 1}`];
        const beyond = own.filter((restart) => restart >= rows);
        if (beyond.length > 0)
          return [`job ${part}: ran ${own.length} times, and has ${rows} rows in accounting`];
        if (HAS_RUN.includes(last.state) && !own.includes(rows - 1))
          return [`job ${part}: is ${last.state}, and its script has not run for its last start (${rows})`];
        return [];
      }),
  );
}
