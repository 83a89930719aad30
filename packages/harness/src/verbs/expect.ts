import { inspect, isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { LabError } from "../errors/lab-error.ts";
import { jobReference } from "./job.ts";
import { pattern } from "./pattern.ts";
import { readOutput } from "./read-output.ts";
import { defineVerb } from "./verb.ts";

const wish = { equals: z.unknown().optional(), matches: pattern.optional() };

const schema = z.union([
  z.strictObject({ output: jobReference, ...wish }),
  z.strictObject({
    that: z.string().min(1).meta({ description: "the claim, as a sentence" }),
    actual: z.unknown(),
    ...wish,
  }),
]);

export const expect = defineVerb({
  name: "expect",
  summary: "Checks something at once: a job's output, a text that a step gave, or in TypeScript any value.",
  schema,
  result: "nothing",
  sentence: (input) => ("that" in input ? input.that : `the output of ${input.output.title} is as expected`),
  async run(input, { cluster, signal }): Promise<void> {
    if ("that" in input) return judge(input, input.actual);
    judge(input, await readOutput(input.output, cluster, signal));
  },
});

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
      ? [{ met: input.matches.test(String(actual)), text: `something that matches ${input.matches}` }]
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
