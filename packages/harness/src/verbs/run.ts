import { z } from "zod";
import { nodeOf } from "../cluster/cluster.ts";
import { LabError } from "../errors/lab-error.ts";
import { describeRequest, requestArguments, requestShape } from "./request.ts";
import { withoutLastNewline } from "./text.ts";
import { defineVerb } from "./verb.ts";
import { words, wordsInput } from "./words.ts";

export const run = defineVerb({
  name: "run",
  summary:
    "Runs a command as a job with srun or salloc from the login node and waits for its end; the result is its output.",
  schema: z.strictObject({
    command: wordsInput,
    with: z.enum(["srun", "salloc"]).default("srun").meta({
      description:
        "salloc allocates the nodes and runs the command on the login node: srun in it runs on them",
    }),
    user: z.string().optional(),
    ...requestShape,
  }),
  result: "text",
  sentence: (input) => {
    const wish = describeRequest(input);
    return `run \`${words(input.command).join(" ")}\` with ${input.with}${wish ? `: ${wish}` : ""}`;
  },
  async run(input, { cluster, signal }): Promise<string> {
    const argv = [input.with, "--quiet", ...requestArguments(input), ...words(input.command)];
    const result = await nodeOf(cluster, "login").exec(argv, {
      user: input.user ?? cluster.plan.user,
      signal,
    });
    if (result.code === 0) return withoutLastNewline(result.stdout);
    throw new LabError({
      kind: "failed",
      message: `${input.with} ended with ${result.code}`,
      expected: "exit code 0",
      seen: (result.stderr || result.stdout).trim(),
    });
  },
});
