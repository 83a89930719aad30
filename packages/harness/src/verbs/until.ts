import { z } from "zod";
import { until as awaitCondition } from "../conditions/condition.ts";
import { duration } from "./duration.ts";
import { formVerb, noteEnd } from "./form-verb.ts";
import { FORMS, formOf } from "./forms.ts";
import { defineVerb } from "./verb.ts";

const within = duration.prefault("60s").meta({ description: "the longest wait" });
/** The same with a limit. */
type Timed<Schema extends z.ZodObject> = z.ZodObject<
  Schema["shape"] & { within: typeof within },
  z.core.$strict
>;
type TimedAll<Forms extends ReadonlyArray<{ readonly schema: z.ZodObject }>> = {
  -readonly [I in keyof Forms]: Timed<Forms[I]["schema"]>;
};
const schemas = FORMS.map(({ schema }) => schema.extend({ within })) as unknown as TimedAll<typeof FORMS>;

export const until = defineVerb({
  ...formVerb,
  name: "until",
  summary: "Waits until something is so, and fails with what was last seen when it is not in time.",
  schema: z.union(schemas),
  async run(input, context): Promise<void> {
    const { cluster, signal } = context;
    const options = { withinMs: input.within, signal };
    await awaitCondition(cluster, formOf(input).condition(input, context), options);
    noteEnd(input, context);
  },
});
