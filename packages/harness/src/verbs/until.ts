import { z } from "zod";
import { accountedAs } from "../conditions/accounting.ts";
import { until as awaitCondition, type Condition } from "../conditions/condition.ts";
import { JOB_STATES, jobIs } from "../conditions/job.ts";
import { NODE_STATES, nodeIs } from "../conditions/node.ts";
import { outputMatches } from "../conditions/output.ts";
import { duration } from "./duration.ts";
import { jobReference } from "./job.ts";
import { pattern } from "./pattern.ts";
import { defineVerb } from "./verb.ts";

const within = duration.prefault("60s");

/** One branch a kind of condition; the first key tells them apart. */
const schema = z.union([
  z.strictObject({ job: jobReference, is: z.enum(JOB_STATES), reason: z.string().optional(), within }),
  z.strictObject({ node: z.string(), is: z.enum(NODE_STATES), within }),
  z.strictObject({
    accounting: jobReference,
    is: z.enum(JOB_STATES),
    exitCode: z
      .string()
      .regex(/^\d+:\d+$/, { error: 'expected an exit code and a signal such as "3:0"' })
      .optional(),
    tres: z.record(z.string(), z.int().min(0)).optional(),
    within: duration.prefault("15s"),
  }),
  z.strictObject({ output: jobReference, matches: pattern, within }),
]);

export const until = defineVerb({
  name: "until",
  summary: "Waits until something is so, and fails with what was last seen when it is not in time.",
  schema,
  result: "nothing",
  sentence: (input) => conditionOf(input).title.replace(" to be ", " is ").replace(" to match ", " matches "),
  nodes: (input) => ("node" in input ? [input.node] : []),
  async run(input, { cluster, signal }): Promise<void> {
    await awaitCondition<unknown>(cluster, conditionOf(input), { withinMs: input.within, signal });
  },
});

function conditionOf(input: z.output<typeof schema>): Condition<unknown> {
  if ("job" in input) return jobIs(input.job, input.is, input.reason);
  if ("node" in input) return nodeIs(input.node, input.is);
  if ("accounting" in input) return accountedAs(input.accounting, input);
  return outputMatches(input.output, input.matches);
}
