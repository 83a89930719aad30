import type { JobEntry } from "../ledger/jobs.ts";
import { lastRun } from "../slurm/sacct.ts";
import { type Books, bookAsks, booksOf, mustBeRight } from "./books.ts";
import { defineInvariant } from "./invariant.ts";

/** A job that ended in a way that nobody asked for, and nobody looked at, is a loss. */
export const jobsEndAsExpected = defineInvariant({
  name: "jobs-end-as-expected",
  claim: "every job has ended as the scenario says",
  asks: bookAsks,
  async check(context, looks): Promise<void> {
    mustBeRight(endedOtherwise(await booksOf(context, looks), context.jobs.all), {
      message: "a job has ended in a way that no step asked for",
      expected: "COMPLETED, or what `ends`, `cancel`, `until` or `expect` says of it",
    });
  },
});

/** Pure: jobs whose last row is in a final state that they may not end in. Those without one are not judged here. */
export function endedOtherwise({ runs }: Pick<Books, "runs">, entries: readonly JobEntry[]): string[] {
  return entries.flatMap(({ job, ends }) =>
    job.parts.flatMap((part) => {
      const last = lastRun(runs, part);
      if (!last || ends.some((state) => state === last.state)) return [];
      return [`job ${part}: ${last.state}, exit code ${last.exitCode}; may end ${ends.join(" or ")}`];
    }),
  );
}
