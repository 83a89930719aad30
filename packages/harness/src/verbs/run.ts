import { z } from "zod";
import { nodeOf } from "../cluster/cluster.ts";
import { LabError } from "../errors/lab-error.ts";
import { describeRequest, requestArguments, requestShape } from "./request.ts";
import { runAtTerminal, typedLines } from "./terminal-input.ts";
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
    terminal: typedLines.optional(),
    ...requestShape,
  }),
  result: "text",
  sentence: (input) => {
    const wish = describeRequest(input);
    const where = input.terminal ? " at a terminal" : "";
    return `run \`${words(input.command).join(" ")}\` with ${input.with}${where}${wish ? `: ${wish}` : ""}`;
  },
  async run(input, { cluster, signal }): Promise<string> {
    const user = input.user ?? cluster.plan.user;
    const login = nodeOf(cluster, "login");
    // srun gives its terminal to the first task only when it is asked to; salloc's command has it anyway.
    const pty = input.terminal && input.with === "srun" ? ["--pty"] : [];
    const argv = [input.with, "--quiet", ...pty, ...requestArguments(input), ...words(input.command)];
    if (input.terminal) {
      const at = runAtTerminal(login, argv, input.terminal, { user, signal });
      const { code, shown } = await cluster.waits.during(at);
      if (code === 0) return withoutLastNewline(shown);
      throw endedWith(code, input.with, shown);
    }
    const { code, stdout, stderr } = await cluster.waits.during(login.exec(argv, { user, signal }));
    if (code === 0) return withoutLastNewline(stdout);
    throw endedWith(code, input.with, stderr || stdout);
  },
});

function endedWith(code: number, program: string, seen: string): LabError {
  return new LabError({
    kind: "failed",
    message: `${program} ended with ${code}`,
    expected: "exit code 0",
    seen: seen.trim(),
  });
}
