import { z } from "zod";

/** A submitted job: what `submit` returns and other verbs take. */
export interface Job {
  readonly kind: "job";
  /** What sbatch printed. */
  readonly id: string;
  /** The ids of its parts as sacct's JobID has them: `7`, the tasks `7_0` and `7_1`, the components `7+0` and `7+1`. */
  readonly parts: readonly string[];
  readonly user: string;
  /** Where sbatch puts its output, seen from login and the workers. */
  readonly outputPath: string;
  /** How reports call it. */
  readonly title: string;
}

function isJob(value: unknown): value is Job {
  return typeof value === "object" && value !== null && (value as Job).kind === "job";
}

/** A job in a verb's input: the handle in TypeScript, `$name` in YAML. */
export const jobReference = z
  .custom<Job>(isJob, { error: "expected a job: what submit returned, in YAML $name" })
  .meta({ title: "a job" });
