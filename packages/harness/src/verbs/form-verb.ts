import { isFinal, JOB_STATES } from "../conditions/job.ts";
import { type FormInput, formOf } from "./forms.ts";
import type { StepContext, Verb } from "./verb.ts";

/** The schemas of all forms, as the branches of a union. */
export type SchemasOf<Forms extends ReadonlyArray<{ readonly schema: unknown }>> = {
  -readonly [I in keyof Forms]: Forms[I]["schema"];
};

/** What verbs that take a form have in common. */
export const formVerb = {
  result: "nothing",
  sentence: (input: FormInput) => formOf(input).sentence(input),
  nodes: (input: FormInput) => formOf(input).nodes?.(input) ?? [],
  check: (input: FormInput, plan) => formOf(input).check?.(input, plan),
} satisfies Partial<Verb<string, never>>;

/** A scenario that asks for an end of a job and sees it has said that the job may end so. */
export function noteEnd(input: FormInput, { jobs }: Pick<StepContext, "jobs">): void {
  const job = "job" in input ? input.job : "accounting" in input ? input.accounting : undefined;
  const state = JOB_STATES.find((each) => "is" in input && each === input.is);
  if (job && state && isFinal(state)) jobs.ended(job, state);
}
