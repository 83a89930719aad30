import { faultReference } from "./fault-reference.ts";
import { defineVerb } from "./verb.ts";

export const heal = defineVerb({
  name: "heal",
  summary: "Mends a fault that was put in. Healing twice is harmless.",
  schema: faultReference,
  result: "nothing",
  sentence: (fault) => `heal ${fault.title}`,
  async run(fault, { faults }): Promise<void> {
    await faults.heal(fault);
  },
});
