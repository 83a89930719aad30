import { z } from "zod";
import { nodeOf } from "../cluster/cluster.ts";
import { jobReference } from "./job.ts";
import { defineVerb } from "./verb.ts";

export const cancel = defineVerb({
  name: "cancel",
  summary: "Cancels a job with scancel, as the user who submitted it.",
  schema: z.strictObject({ job: jobReference }),
  result: "nothing",
  sentence: ({ job }) => `cancel ${job.title}`,
  async run({ job }, { cluster, jobs, signal }): Promise<void> {
    jobs.ended(job, "CANCELLED");
    await nodeOf(cluster, "login").run(["scancel", job.id], { user: job.user, signal });
  },
});
