import { z } from "zod";
import { nodeOf } from "../cluster/cluster.ts";
import type { ExecResult } from "../engine/engine.ts";
import { LabError } from "../errors/lab-error.ts";
import type { Job } from "./job.ts";
import { describeRequest, type Request, requestArguments, requestShape } from "./request.ts";
import { defineVerb, type StepContext } from "./verb.ts";

const batchShape = {
  run: z.string().min(1).meta({ description: "the batch script's body, or one command" }),
  name: z.string().optional().meta({ description: "--job-name, and how the report calls the job" }),
  user: z.string().optional().meta({ description: "who submits; default: the cluster's ordinary user" }),
  ...requestShape,
};

export const submit = defineVerb({
  name: "submit",
  summary: "Submits a batch job with sbatch from the login node, as an ordinary user.",
  schema: z.strictObject(batchShape),
  result: "job",
  sentence: (input) => `submit ${jobTitle(input)}`,
  async run(input, context): Promise<Job> {
    const user = input.user ?? context.cluster.plan.user;
    const { code, stdout, stderr } = await sbatch(input, context);
    const id = /^(\d+)/.exec(stdout)?.[1];
    if (code !== 0 || !id) {
      throw new LabError({
        kind: "failed",
        message: "sbatch refused the job",
        expected: "a job id",
        seen: (stderr || stdout).trim() || `exit code ${code}`,
      });
    }
    const title = `job ${id}${input.name ? ` (${input.name})` : ""}`;
    const job: Job = { kind: "job", id, user, outputPath: `/home/${user}/slurm-${id}.out`, title };
    context.jobs.push(job);
    return job;
  },
});

export const refuse = defineVerb({
  name: "refuse",
  summary: "Submits a job that sbatch must refuse, and checks the reason it gives.",
  schema: z.strictObject({
    ...batchShape,
    because: z.string().min(1).meta({ description: "part of sbatch's message" }),
  }),
  result: "nothing",
  sentence: (input) => `sbatch refuses ${jobTitle(input)}: "${input.because}"`,
  async run(input, context): Promise<void> {
    const { code, stdout, stderr } = await sbatch(input, context);
    if (code !== 0 && stderr.includes(input.because)) return;
    throw new LabError({
      kind: "failed",
      message:
        code === 0
          ? "sbatch took a job that it should have refused"
          : "sbatch refused the job for another reason",
      expected: input.because,
      seen: (stderr || stdout).trim(),
    });
  },
});

/** The script goes in through standard input, so that nothing needs quoting and no file is left on login. */
async function sbatch(
  input: Request & { run: string; name?: string | undefined; user?: string | undefined },
  context: StepContext,
): Promise<ExecResult> {
  const user = input.user ?? context.cluster.plan.user;
  const name = input.name ? [`--job-name=${input.name}`] : [];
  const argv = ["sbatch", "--parsable", "--output=slurm-%j.out", ...name, ...requestArguments(input)];
  const script = input.run.startsWith("#!") ? input.run : `#!/bin/bash\n${input.run}\n`;
  return await nodeOf(context.cluster, "login").exec(argv, { user, stdin: script, signal: context.signal });
}

function jobTitle(input: Request & { run: string; name?: string | undefined }): string {
  const first = input.run.trim().split("\n")[0] ?? "";
  const what = input.name ?? (first.length > 40 ? `${first.slice(0, 37)}...` : first);
  const wish = describeRequest(input);
  return wish
    ? `"${what}", ${wish.startsWith("on ") || wish.startsWith("in ") ? wish : `asking for ${wish}`}`
    : `"${what}"`;
}
