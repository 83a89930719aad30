import { z } from "zod";
import { accountedAs } from "../conditions/accounting.ts";
import type { Condition } from "../conditions/condition.ts";
import { isFinal, JOB_STATES, type JobState, jobIs } from "../conditions/job.ts";
import { NODE_STATES, nodeIs } from "../conditions/node.ts";
import { outputMatches } from "../conditions/output.ts";
import { type Job, jobReference } from "./job.ts";
import { pattern } from "./pattern.ts";
import type { StepContext } from "./verb.ts";

/** What can be so, as a person writes it; the first key tells the forms apart. `until` and `never` share them. */
export const jobForm = z.strictObject({
  job: jobReference,
  is: z.enum(JOB_STATES),
  reason: z
    .string()
    .optional()
    .meta({ description: "Reason, as scontrol shows it; what stands behind a comma may be left out" }),
});

export const nodeForm = z.strictObject({
  node: z.string(),
  is: z.enum(NODE_STATES),
  reason: z.string().optional().meta({ description: "part of Reason, as `sinfo -R` shows it" }),
});

export const accountingForm = z.strictObject({
  accounting: jobReference,
  is: z.enum(JOB_STATES),
  exitCode: z
    .string()
    .regex(/^\d+:\d+$/, { error: 'expected an exit code and a signal such as "3:0"' })
    .optional(),
  tres: z.record(z.string(), z.int().min(0)).optional(),
});

export const outputForm = z.strictObject({ output: jobReference, matches: pattern });

export type FormInput =
  | z.output<typeof jobForm>
  | z.output<typeof nodeForm>
  | z.output<typeof accountingForm>
  | z.output<typeof outputForm>;

export function conditionOf(input: FormInput): Condition<unknown> {
  if ("job" in input) return jobIs(input.job, input.is, input.reason);
  if ("node" in input) return nodeIs(input.node, input.is, input.reason);
  if ("accounting" in input) return accountedAs(input.accounting, input);
  return outputMatches(input.output, input.matches);
}

/** The condition's title as a sentence: `job 3 is COMPLETED`. */
export function sentenceOf(input: FormInput): string {
  return conditionOf(input).title.replace(" to be ", " is ").replace(" to match ", " matches ");
}

/** The nodes that it names. */
export function nodesOf(input: FormInput): string[] {
  return "node" in input ? [input.node] : [];
}

/** A scenario that asks for an end and sees it has said that the job may end so. */
export function noteEnd(input: FormInput, { jobs }: Pick<StepContext, "jobs">): void {
  const seen: [Job, JobState] | undefined =
    "job" in input ? [input.job, input.is] : "accounting" in input ? [input.accounting, input.is] : undefined;
  if (seen && isFinal(seen[1])) jobs.ended(...seen);
}
