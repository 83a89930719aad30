import { z } from "zod";
import { nodeOf } from "../cluster/cluster.ts";
import { finishFile } from "./batch-script.ts";
import { jobReference } from "./job.ts";
import { defineVerb } from "./verb.ts";

export const finish = defineVerb({
  name: "finish",
  summary: "Lets a job that was submitted with `stays` come to its end.",
  schema: z.strictObject({ job: jobReference }),
  result: "nothing",
  sentence: ({ job }) => `let ${job.title} come to its end`,
  async run({ job }, { cluster, signal }): Promise<void> {
    await nodeOf(cluster, "login").run(["touch", finishFile(job.id)], { user: job.user, signal });
  },
});
