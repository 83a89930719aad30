import { z } from "zod";
import { nodeOf } from "../cluster/cluster.ts";
import { LabError } from "../errors/lab-error.ts";
import { describeRequest, requestArguments, requestShape } from "./request.ts";
import { withoutLastNewline } from "./text.ts";
import { defineVerb } from "./verb.ts";

const command = z.union([z.string().min(1), z.array(z.string()).min(1)]);

export const run = defineVerb({
  name: "run",
  summary:
    "Runs a command as a job with srun from the login node and waits for its end; the result is its output.",
  schema: z.strictObject({
    command: command.meta({ description: "words as a list, or one line that is split at blanks" }),
    user: z.string().optional(),
    ...requestShape,
  }),
  result: "text",
  sentence: (input) => {
    const wish = describeRequest(input);
    return `run \`${words(input.command).join(" ")}\` with srun${wish ? `: ${wish}` : ""}`;
  },
  async run(input, { cluster, signal }): Promise<string> {
    const argv = ["srun", "--quiet", ...requestArguments(input), ...words(input.command)];
    const result = await nodeOf(cluster, "login").exec(argv, {
      user: input.user ?? cluster.plan.user,
      signal,
    });
    if (result.code === 0) return withoutLastNewline(result.stdout);
    throw new LabError({
      kind: "failed",
      message: `srun ended with ${result.code}`,
      expected: "exit code 0",
      seen: (result.stderr || result.stdout).trim(),
    });
  },
});

function words(command: string | string[]): string[] {
  return typeof command === "string" ? command.trim().split(/\s+/) : command;
}
