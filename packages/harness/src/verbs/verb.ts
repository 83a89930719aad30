import type { z } from "zod";
import type { Cluster } from "../cluster/cluster.ts";
import type { Job } from "./job.ts";

/** What a verb's run function works with. */
export interface StepContext {
  readonly cluster: Cluster;
  readonly signal: AbortSignal;
  /** Every job the scenario submitted, for the invariants. */
  readonly jobs: Job[];
  /** Says that a part of the scenario could not be checked here, and why. */
  readonly leaveUnchecked: (what: string, why: string) => void;
}

/**
 * One kind of step: a schema for what a person writes, a sentence for the report, and what it does.
 *
 * Developers call a verb on the scenario's context; admins write the same verb as a YAML step.
 */
export interface Verb<Name extends string = string, Schema extends z.ZodType = z.ZodType, Result = unknown> {
  readonly name: Name;
  /** The first line of its reference. */
  readonly summary: string;
  readonly schema: Schema;
  /** What `as:` can name the result as in YAML. */
  readonly result: "job" | "text" | "nothing";
  /** The step as a sentence in the present tense, for the list of steps and the report. */
  sentence(input: z.output<Schema>): string;
  /** Nodes that the input names: a YAML scenario that names one that there is not is refused before it starts. */
  nodes?(input: z.output<Schema>): string[];
  run(input: z.output<Schema>, context: StepContext): Promise<Result>;
}

/** Only there so that TypeScript infers a verb's types. */
export function defineVerb<const Name extends string, Schema extends z.ZodType, Result>(
  verb: Verb<Name, Schema, Result>,
): Verb<Name, Schema, Result> {
  return verb;
}
