import { z } from "zod";
import { nodeOf } from "../cluster/cluster.ts";
import type { ExecResult } from "../engine/engine.ts";
import { LabError } from "../errors/lab-error.ts";
import { type BatchJob, batchShape, partsOfJob, sbatchArguments, submitShape } from "./batch-job.ts";
import { batchScript } from "./batch-script.ts";
import type { Job } from "./job.ts";
import { describeRequest } from "./request.ts";
import { defineVerb, type StepContext } from "./verb.ts";

const submitSchema = z.strictObject({ ...batchShape, ...submitShape });
export type SubmitInput = z.output<typeof submitSchema>;

export const submit = defineVerb({
  name: "submit",
  summary:
    "Submits a batch job with sbatch from the login node, as an ordinary user. A shell script gets one line more, which marks each of its starts.",
  schema: submitSchema,
  result: "job",
  sentence: (input) => `submit ${jobTitle(input)}`,
  run: submitJob,
});

/** Submits a job and puts it into the ledger. */
export async function submitJob(input: SubmitInput, context: StepContext): Promise<Job> {
  const user = input.user ?? context.cluster.plan.user;
  const script = batchScript(input.run, { stays: input.stays });
  const above = context.jobs.highestId;
  const { code, stdout, stderr } = await sbatch(input, script.text, context);
  const id = /^(\d+)/.exec(stdout)?.[1];
  if (code !== 0 || !id) {
    throw new LabError({
      kind: "failed",
      message: "sbatch refused the job",
      expected: "a job id",
      seen: (stderr || stdout).trim() || `exit code ${code}`,
    });
  }
  const job: Job = {
    kind: "job",
    id,
    parts: partsOfJob(id, input),
    user,
    outputPath: `/home/${user}/slurm-${id}.out`,
    title: `job ${id}${input.name ? ` (${input.name})` : ""}`,
  };
  context.jobs.add(job, { marked: script.marked, ends: input.ends ?? [], above });
  return job;
}

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
    const { code, stdout, stderr } = await sbatch(input, batchScript(input.run).text, context);
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
async function sbatch(input: BatchJob, script: string, context: StepContext): Promise<ExecResult> {
  const { cluster, signal } = context;
  const user = input.user ?? cluster.plan.user;
  return await nodeOf(cluster, "login").exec(sbatchArguments(input), { user, stdin: script, signal });
}

function jobTitle(input: BatchJob): string {
  const first = input.run.trim().split("\n")[0] ?? "";
  const what = input.name ?? (first.length > 40 ? `${first.slice(0, 37)}...` : first);
  const wish = describeRequest(input);
  const parts = [
    `"${what}"`,
    input.array ? `tasks ${input.array}` : "",
    wish && !/^(on|in) /.test(wish) ? `asking for ${wish}` : wish,
    ...(input.components ?? []).map(
      (component) => `and beside it ${describeRequest(component) || "the same"}`,
    ),
    ...Object.entries(input.dependency ?? {}).map(
      ([kind, jobs]) =>
        `${kind} ${[jobs]
          .flat()
          .map(({ title }) => title)
          .join(", ")}`,
    ),
  ];
  return parts.filter(Boolean).join(", ");
}
