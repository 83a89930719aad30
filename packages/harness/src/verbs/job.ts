import { z } from "zod";

/** A submitted job: what `submit` returns and other verbs take. */
export interface Job {
  readonly kind: "job";
  readonly id: string;
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
