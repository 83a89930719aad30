import { z } from "zod";
import { plugIn, unplug } from "../cluster/machines.ts";
import { defineFault } from "./fault.ts";
import { target } from "./target.ts";

export const nodeUnplugged = defineFault({
  name: "node-unplugged",
  summary: "Takes nodes off the network. Everything in them runs on, jobs too, and nobody can be reached.",
  schema: z.strictObject({ fault: z.literal("node-unplugged"), on: target }),
  sentence: ({ on }) => `${on} is off the network`,
  async inject(_, { cluster, nodes, heals }): Promise<void> {
    for (const node of nodes) {
      heals(`plug ${node.name} in`, () => plugIn(cluster, node));
      await unplug(cluster, node);
    }
  },
});
