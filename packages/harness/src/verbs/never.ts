import { z } from "zod";
import type { Watch } from "../conditions/watch.ts";
import { accountingForm, conditionOf, jobForm, nodeForm, nodesOf, outputForm, sentenceOf } from "./forms.ts";
import { defineVerb } from "./verb.ts";
import { watchReference } from "./watch.ts";

export const never = defineVerb({
  name: "never",
  summary:
    "Watches, beside the steps that follow, that something never comes true: until `end`, or until the scenario's last step. It looks four times a second, so it does not see what lasts shorter.",
  schema: z.union([jobForm, nodeForm, accountingForm, outputForm]),
  result: "watch",
  sentence: (input) => `watch that never ${sentenceOf(input)}`,
  nodes: nodesOf,
  async run(input, { cluster, watches, signal }): Promise<Watch> {
    return await watches.start(cluster, conditionOf(input), { claim: sentenceOf(input), signal });
  },
});

export const end = defineVerb({
  name: "end",
  summary: "Ends what `never` began: from here on it may come true.",
  schema: z.strictObject({ watch: watchReference }),
  result: "nothing",
  sentence: ({ watch }) => `it was never so that ${watch.claim}`,
  async run({ watch }): Promise<void> {
    await watch.end();
  },
});
