import { z } from "zod";
import { JOB_STATES } from "../conditions/job.ts";
import { arrayTasks } from "../slurm/array.ts";
import { jobReference } from "./job.ts";
import { requestArguments, requestShape } from "./request.ts";

const DEPENDENCIES = ["after", "afterok", "afternotok", "afterany", "aftercorr"] as const;

/** What sbatch takes, in `submit` and `refuse`. */
export const batchShape = {
  run: z
    .string()
    .min(1)
    .meta({ description: "the batch script's body, a whole script with its #! line, or one command" }),
  name: z.string().optional().meta({ description: "--job-name, and how the report calls the job" }),
  user: z.string().optional().meta({ description: "who submits; default: the cluster's ordinary user" }),
  ...requestShape,
  array: z
    .string()
    .refine((spec) => arrayTasks(spec) !== undefined, {
      error: 'expected task numbers such as "0-3" or "1,5-7%2"',
    })
    .optional()
    .meta({ description: '--array: "0-3%2"; all tasks append to one output file' }),
  dependency: z
    .partialRecord(z.enum(DEPENDENCIES), z.union([jobReference, z.array(jobReference).min(1)]))
    .optional()
    .meta({
      description:
        "--dependency: { afterok: $job } or a list of jobs; after, afterok, afternotok, afterany, aftercorr",
    }),
  components: z.array(z.strictObject(requestShape)).min(1).optional().meta({
    description:
      "the further components of a heterogeneous job: [{ nodes: 1, gpus: 2 }], each with the fields from `gpus` to `options`",
  }),
};

const batchJob = z.object(batchShape);
export type BatchJob = z.output<typeof batchJob>;

/** What only a job that is taken needs. */
export const submitShape = {
  stays: z
    .boolean()
    .default(false)
    .meta({ description: "behind its script the job goes on until the verb `finish`" }),
  ends: z.array(z.enum(JOB_STATES)).min(1).optional().meta({
    description:
      "the states that it may end in; default COMPLETED, or what a later step asks for and sees, or CANCELLED when it is cancelled",
  }),
};

/** sbatch and its options; the script comes through standard input. */
export function sbatchArguments(job: BatchJob): string[] {
  const dependency = Object.entries(job.dependency ?? {})
    .map(([kind, jobs]) => [kind, ...[jobs].flat().map(({ id }) => id)].join(":"))
    .join(",");
  return [
    "sbatch",
    "--parsable",
    ...(job.array ? ["--output=slurm-%A.out", "--open-mode=append"] : ["--output=slurm-%j.out"]),
    ...(job.name ? [`--job-name=${job.name}`] : []),
    ...(job.array ? [`--array=${job.array}`] : []),
    ...(dependency ? [`--dependency=${dependency}`] : []),
    ...requestArguments(job),
    ...(job.components ?? []).flatMap((component) => [":", ...requestArguments(component)]),
  ];
}

/** The ids of its parts, as sacct's JobID has them. */
export function partsOfJob(id: string, job: Pick<BatchJob, "array" | "components">): string[] {
  if (job.array) return (arrayTasks(job.array) ?? []).map((task) => `${id}_${task}`);
  if (job.components)
    return [0, ...job.components.keys().map((i) => i + 1)].map((offset) => `${id}+${offset}`);
  return [id];
}
