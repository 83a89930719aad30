import { z } from "zod";
import { defineVerb } from "./verb.ts";

export const unchecked = defineVerb({
  name: "unchecked",
  summary: "Says in the report that something could not be checked on this machine, and why.",
  schema: z.strictObject({ what: z.string().min(1), because: z.string().min(1) }),
  result: "nothing",
  sentence: ({ what }) => `not checked: ${what}`,
  async run({ what, because }, context): Promise<void> {
    context.leaveUnchecked(what, because);
  },
});
