import { z } from "zod";
import { askSlurm } from "./ask.ts";
import { type Job, jobReference } from "./job.ts";
import { defineVerb, type StepContext } from "./verb.ts";

const user = z
  .string()
  .optional()
  .meta({ description: "who does it: default the administrator (root), who may do it to any job" });
const schema = z.strictObject({ job: jobReference, user });

async function control(
  word: string,
  input: { job: Job; user?: string | undefined },
  { cluster, signal }: StepContext,
): Promise<void> {
  await askSlurm(cluster, ["scontrol", word, input.job.id], { signal, user: input.user ?? "root" });
}

export const requeue = defineVerb({
  name: "requeue",
  summary:
    "Puts a running or ended job back into the queue with scontrol. Slurm lets it start again after two minutes; `release` with `now` ends that.",
  schema: schema.extend({
    hold: z.boolean().default(false).meta({ description: "with scontrol requeuehold: it stays held" }),
  }),
  result: "nothing",
  disturbs: true,
  sentence: ({ job, hold }) => `requeue ${job.title}${hold ? " and hold it" : ""}`,
  async run(input, context): Promise<void> {
    await control(input.hold ? "requeuehold" : "requeue", input, context);
  },
});

export const hold = defineVerb({
  name: "hold",
  summary: "Holds a pending job with scontrol, so that it does not start.",
  schema,
  result: "nothing",
  disturbs: true,
  sentence: ({ job }) => `hold ${job.title}`,
  run: (input, context) => control("hold", input, context),
});

export const release = defineVerb({
  name: "release",
  summary: "Releases a held job with scontrol.",
  schema: schema.extend({
    now: z.boolean().default(false).meta({
      description: "StartTime=now as well: it need not wait for its begin time, as a requeued job must",
    }),
  }),
  result: "nothing",
  sentence: ({ job, now }) => `release ${job.title}${now ? ", to start now" : ""}`,
  async run(input, context): Promise<void> {
    await control("release", input, context);
    const { cluster, signal } = context;
    const argv = ["scontrol", "update", `JobId=${input.job.id}`, "StartTime=now"];
    if (input.now) await askSlurm(cluster, argv, { signal, user: input.user ?? "root" });
  },
});

export const suspend = defineVerb({
  name: "suspend",
  summary: "Stops a running job's processes with scontrol suspend; its resources stay its own.",
  schema: z.strictObject({ job: jobReference }),
  result: "nothing",
  disturbs: true,
  sentence: ({ job }) => `suspend ${job.title}`,
  run: (input, context) => control("suspend", input, context),
});

export const continueJob = defineVerb({
  name: "continue",
  summary: "Lets a suspended job go on, with scontrol resume.",
  schema: z.strictObject({ job: jobReference }),
  result: "nothing",
  sentence: ({ job }) => `let ${job.title} go on`,
  run: (input, context) => control("resume", input, context),
});
