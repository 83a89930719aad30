import { z } from "zod";
import type { Fault } from "../faults/fault.ts";
import { FAULTS } from "../faults/index.ts";
import type { InjectedFault } from "../faults/injected.ts";
import { sharesMachine } from "../faults/shares-machine.ts";
import { chooseNodes } from "../faults/target.ts";
import type { SchemasOf } from "./form-verb.ts";
import { defineVerb } from "./verb.ts";

const schemas = FAULTS.map((fault) => fault.schema) as unknown as SchemasOf<typeof FAULTS>;
const schema = z.discriminatedUnion("fault", schemas);
type Input = z.output<typeof schema>;

export const inject = defineVerb({
  name: "inject",
  summary:
    "Puts a fault into the cluster. It is healed by `heal`, and at the end of the steps at the latest. Logs are looked at from here on.",
  schema,
  result: "fault",
  disturbs: true,
  sentence: (input) => `inject ${input.fault}: ${faultOf(input).sentence(input)}`,
  check(input, plan) {
    // Which ones `one` and `minority` are does not matter here.
    const chosen = "on" in input ? chooseNodes(input.on, plan, "") : undefined;
    if (chosen && "problem" in chosen) return chosen.problem;
    const fault = faultOf(input);
    return (chosen && sharesMachine(fault, chosen.names, plan)) ?? fault.lacks?.(input, plan);
  },
  async run(input, { faults }): Promise<InjectedFault> {
    return await faults.inject(faultOf(input), input);
  },
  async leftOut({ fault }, { faults }): Promise<InjectedFault> {
    return faults.leftOut(fault);
  },
});

function faultOf(input: Input): Fault {
  return FAULTS.find(({ name }) => name === input.fault) as unknown as Fault;
}
