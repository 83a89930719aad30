import { z } from "zod";
import { nodeNamed } from "../cluster/cluster.ts";
import { LabError } from "../errors/lab-error.ts";
import { withoutLastNewline } from "./text.ts";
import { defineVerb } from "./verb.ts";

export const shell = defineVerb({
  name: "shell",
  summary:
    "Runs a shell script on a node: the way out when no verb says what is meant. The result is its output.",
  schema: z.strictObject({
    on: z.string().meta({ description: "the node's name" }),
    run: z.string().min(1),
    user: z.string().default("root"),
  }),
  result: "text",
  sentence: ({ on, run, user }) => `on ${on}, ${user} runs \`${run.trim().split("\n")[0]}\``,
  nodes: ({ on }) => [on],
  async run({ on, run, user }, { cluster, signal }): Promise<string> {
    const result = await nodeNamed(cluster, on).exec(["bash", "-euo", "pipefail", "-c", run], {
      user,
      signal,
    });
    if (result.code === 0) return withoutLastNewline(result.stdout);
    throw new LabError({
      kind: "failed",
      message: `the script ended with ${result.code}`,
      expected: "exit code 0",
      seen: (result.stderr || result.stdout).trim(),
    });
  },
});
