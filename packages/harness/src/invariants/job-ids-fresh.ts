import type { JobEntry } from "../ledger/jobs.ts";
import { mustBeRight } from "./books.ts";
import { defineInvariant } from "./invariant.ts";

const CONFIG = { at: "login", argv: ["scontrol", "show", "config"] } as const;

/** An id that is given twice makes one job of two in accounting. */
export const jobIdsFresh = defineInvariant({
  name: "job-ids-fresh",
  claim: "no job id was given twice, and none will be",
  asks: () => [CONFIG],
  async check({ jobs }, looks): Promise<void> {
    const { output } = await looks.look(CONFIG);
    mustBeRight(staleIds(output, jobs.all), {
      message: "job ids are used again",
      expected: "every id to be higher than all before it",
    });
  },
});

/** Pure: judges `scontrol show config` and the ids that sbatch has given. */
export function staleIds(config: string, entries: readonly JobEntry[]): string[] {
  const next = Number(/^NEXT_JOB_ID\s*=\s*(\d+)$/m.exec(config)?.[1] ?? 0);
  const highest = Math.max(0, ...entries.map(({ job }) => Number(job.id)));
  return [
    ...entries
      .filter(({ job, above }) => Number(job.id) <= above)
      .map(({ job, above }) => `job ${job.id} was submitted after job ${above}`),
    ...(next > highest ? [] : [`the next id is ${next}, and job ${highest} has been`]),
  ];
}
