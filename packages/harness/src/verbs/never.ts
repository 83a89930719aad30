import { z } from "zod";
import type { Watch } from "../conditions/watch.ts";
import { formVerb, type SchemasOf } from "./form-verb.ts";
import { FORMS, formOf } from "./forms.ts";
import { defineVerb } from "./verb.ts";
import { watchReference } from "./watch.ts";

const schemas = FORMS.map(({ schema }) => schema) as unknown as SchemasOf<typeof FORMS>;

export const never = defineVerb({
  ...formVerb,
  name: "never",
  summary:
    "Watches, beside the steps that follow, that something never comes true: until `end`, or until the scenario's last step. It looks four times a second, so it does not see what lasts shorter.",
  schema: z.union(schemas),
  result: "watch",
  sentence: (input) => `watch that never ${formVerb.sentence(input)}`,
  async run(input, context): Promise<Watch> {
    const claim = formVerb.sentence(input);
    const { cluster, signal } = context;
    return await context.watches.start(cluster, formOf(input).condition(input, context), { claim, signal });
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
