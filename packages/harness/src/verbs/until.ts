import { z } from "zod";
import { until as awaitCondition } from "../conditions/condition.ts";
import { duration } from "./duration.ts";
import {
  accountingForm,
  conditionOf,
  jobForm,
  nodeForm,
  nodesOf,
  noteEnd,
  outputForm,
  sentenceOf,
} from "./forms.ts";
import { defineVerb } from "./verb.ts";

const within = duration.prefault("60s");

export const until = defineVerb({
  name: "until",
  summary: "Waits until something is so, and fails with what was last seen when it is not in time.",
  schema: z.union([
    jobForm.extend({ within }),
    nodeForm.extend({ within }),
    accountingForm.extend({ within: duration.prefault("15s") }),
    outputForm.extend({ within }),
  ]),
  result: "nothing",
  sentence: sentenceOf,
  nodes: nodesOf,
  async run(input, context): Promise<void> {
    const { cluster, signal } = context;
    await awaitCondition(cluster, conditionOf(input), { withinMs: input.within, signal });
    noteEnd(input, context);
  },
});
