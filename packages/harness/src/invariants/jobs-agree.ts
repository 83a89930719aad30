import { bookAsks, booksOf, mustBeRight } from "./books.ts";
import { disagreements } from "./disagreements.ts";
import { defineInvariant } from "./invariant.ts";

/** What reached the database late, or again, must be what slurmctld knows to have happened, with its times. */
export const jobsAgree = defineInvariant({
  name: "jobs-agree",
  claim: "slurmctld and accounting say the same of every job",
  asks: bookAsks,
  async check(context, looks): Promise<void> {
    mustBeRight(disagreements(await booksOf(context, looks), context.jobs.all), {
      message: "slurmctld and accounting say different things of a job",
      expected: "the same state, times and number of starts from scontrol and sacct",
    });
  },
});
