import { inspect, isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { lookOnce } from "../conditions/condition.ts";
import { matching } from "../conditions/matching.ts";
import { LabError } from "../errors/lab-error.ts";
import { formVerb, noteEnd, type SchemasOf } from "./form-verb.ts";
import { formOf, LOOKS } from "./forms.ts";
import { type Job, jobReference } from "./job.ts";
import { pattern } from "./pattern.ts";
import { readOutput } from "./read-output.ts";
import { defineVerb } from "./verb.ts";

const wish = { equals: z.unknown().optional(), matches: pattern.optional() };

const looks = LOOKS.map(({ schema }) => schema) as unknown as SchemasOf<typeof LOOKS>;
const schema = z.union([
  z.strictObject({ output: jobReference, ...wish }),
  z.strictObject({
    that: z.string().min(1).meta({ description: "the claim, as a sentence" }),
    actual: z.unknown(),
    ...wish,
  }),
  ...looks,
]);
type Input = z.output<typeof schema>;

export const expect = defineVerb({
  name: "expect",
  summary:
    "Checks something at once: what `until` would wait for, a job's output, a text that a step gave, or in TypeScript any value.",
  schema,
  result: "nothing",
  sentence: (input) => {
    if ("that" in input) return input.that;
    return "output" in input
      ? `the output of ${input.output.title} is as expected`
      : formVerb.sentence(input);
  },
  nodes: (input) => (isLook(input) ? formVerb.nodes(input) : []),
  check: (input, plan) => (isLook(input) ? formVerb.check(input, plan) : undefined),
  async run(input, context): Promise<void> {
    const { cluster, signal } = context;
    if ("that" in input) return judge(input, input.actual);
    if ("output" in input) return judge(input, await readOutput(input.output, cluster, signal));
    await lookOnce(cluster, formOf(input).condition(input, context), signal);
    noteEnd(input, context);
  },
});

function isLook(input: Input): input is Exclude<Input, { that: string } | { output: Job }> {
  return !("that" in input || "output" in input);
}

/** A check without a wish could not fail, so it is refused. */
function judge(
  input: { that?: string; equals?: unknown; matches?: RegExp | undefined },
  actual: unknown,
): void {
  const wishes = [
    ...("equals" in input
      ? [{ met: isDeepStrictEqual(actual, input.equals), text: show(input.equals) }]
      : []),
    ...(input.matches
      ? [{ met: matching(input.matches, String(actual)), text: `something that matches ${input.matches}` }]
      : []),
  ];
  if (wishes.length === 0) {
    throw new LabError({
      kind: "bad-input",
      message: "expect needs `equals` or `matches`, or it could not fail",
    });
  }
  const unmet = wishes.find((each) => !each.met);
  if (unmet)
    throw new LabError({
      kind: "failed",
      message: input.that ? `it does not hold that ${input.that}` : "the output is not as expected",
      expected: unmet.text,
      seen: show(actual),
    });
}

function show(value: unknown): string {
  return typeof value === "string" ? value || '""' : inspect(value, { depth: 6, breakLength: 90 });
}
