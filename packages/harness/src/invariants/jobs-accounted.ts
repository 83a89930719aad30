import { isFinal } from "../conditions/job.ts";
import type { JobEntry } from "../ledger/jobs.ts";
import { lastRun } from "../slurm/sacct.ts";
import { type Books, bookAsks, booksOf, mustBeRight } from "./books.ts";
import { defineInvariant } from "./invariant.ts";

/** Nothing that sbatch has given an id is missing, and nothing is there twice. */
export const jobsAccounted = defineInvariant({
  name: "jobs-accounted",
  claim: "every submitted job is in accounting once for each submission, and has ended",
  asks: bookAsks,
  async check(context, looks): Promise<void> {
    mustBeRight(notAccounted(await booksOf(context, looks), context.jobs.all), {
      message: "not every job is in accounting as it should be",
      expected: "a row for each submission or requeue of a job, the last in a final state",
    });
  },
});

/** Pure: what is wrong with each job's rows. */
export function notAccounted({ runs }: Pick<Books, "runs">, entries: readonly JobEntry[]): string[] {
  return entries.flatMap(({ job }) =>
    job.parts.flatMap((part) => {
      const own = runs.filter((run) => run.id === part);
      const last = lastRun(own, part);
      if (!last) return [`job ${part}: no row`];
      if (!isFinal(last.state)) return [`job ${part}: still ${last.state}`];
      const times = new Set(own.map((run) => run.submit));
      return times.size === own.length
        ? []
        : [`job ${part}: ${own.length} rows of ${times.size} submissions`];
    }),
  );
}
