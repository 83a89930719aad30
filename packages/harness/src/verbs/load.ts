import { z } from "zod";
import type { Job } from "./job.ts";
import type { Random } from "./random.ts";
import { type SubmitInput, submitJob } from "./submit.ts";
import { defineVerb } from "./verb.ts";

/** Many submitted jobs: what `load` returns. */
export interface Load {
  readonly kind: "load";
  readonly jobs: readonly Job[];
  /** How reports call it. */
  readonly title: string;
}

/** Submissions that are under way at the same time. */
const SIDE_BY_SIDE = 4;

const schema = z.strictObject({
  jobs: z.int().min(1).max(1000).default(20).meta({ description: "how many" }),
  nodes: z.int().min(1).default(1).meta({ description: "the most nodes that one asks for" }),
  tasks: z.int().min(1).default(2).meta({ description: "the most tasks that one asks for on each node" }),
  seconds: z.number().min(0).default(2).meta({ description: "the longest that one runs" }),
  failing: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .meta({ description: "the share that ends with an exit code" }),
});

export const load = defineVerb({
  name: "load",
  summary:
    "Submits many jobs of mixed sizes, lengths and ends, chosen by the run's seed; each has to end as it was made to.",
  schema,
  result: "load",
  sentence: ({ jobs, seconds }) => `submit ${jobs} jobs of up to ${seconds} s`,
  async run(input, context): Promise<Load> {
    const waiting = mixedJobs(input, context.random);
    const jobs: Job[] = [];
    const submitter = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift())
        jobs.push(await submitJob(next, context));
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, submitter));
    return { kind: "load", jobs, title: `the load of ${jobs.length} jobs` };
  },
});

/** Pure: the jobs of a load. The same random source gives the same jobs. */
export function mixedJobs(input: z.output<typeof schema>, random: Random): SubmitInput[] {
  return Array.from({ length: input.jobs }, (_, i) => {
    const exit = random.next() < input.failing ? random.integer(1, 99) : 0;
    const nodes = random.integer(1, input.nodes);
    const seconds = (random.next() * input.seconds).toFixed(1);
    return {
      name: `load-${i + 1}`,
      run: `sleep ${seconds}\nexit ${exit}`,
      nodes,
      tasks: nodes * random.integer(1, input.tasks),
      options: [],
      stays: false,
      ends: [exit === 0 ? "COMPLETED" : "FAILED"],
    };
  });
}
