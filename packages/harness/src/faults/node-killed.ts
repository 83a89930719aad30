import { z } from "zod";
import { powerOff, powerOn } from "../cluster/machines.ts";
import { defineFault } from "./fault.ts";
import { target } from "./target.ts";

export const nodeKilled = defineFault({
  name: "node-killed",
  summary:
    "Switches nodes off: their daemons and jobs end at once, nobody is told. Healed, they start again with the files that they had.",
  schema: z.strictObject({ fault: z.literal("node-killed"), on: target }),
  sentence: ({ on }) => `${on} has lost its power`,
  async inject(_, { cluster, nodes, daemons, heals }): Promise<void> {
    for (const node of nodes) {
      heals(`switch ${node.name} on`, () => powerOn(cluster, node, daemons));
      await powerOff(cluster, node);
    }
  },
});
