import { z } from "zod";
import { jobReference } from "./job.ts";
import { readOutput } from "./read-output.ts";
import { defineVerb } from "./verb.ts";

export const output = defineVerb({
  name: "output",
  summary: "Reads a job's output file.",
  schema: z.strictObject({ of: jobReference }),
  result: "text",
  sentence: ({ of }) => `read the output of ${of.title}`,
  async run({ of }, { cluster, signal }): Promise<string> {
    return await readOutput(of, cluster, signal);
  },
});
