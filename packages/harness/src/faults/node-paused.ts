import { z } from "zod";
import { defineFault } from "./fault.ts";
import { target } from "./target.ts";

/** As a virtual machine that is moved. `daemon-hung` stops a daemon alone. */
export const nodePaused = defineFault({
  name: "node-paused",
  summary: "Freezes nodes with everything in them, jobs too; healed, they go on where they were.",
  schema: z.strictObject({ fault: z.literal("node-paused"), on: target }),
  sentence: ({ on }) => `${on} is frozen`,
  async inject(_, { cluster, nodes, heals }): Promise<void> {
    for (const node of nodes) {
      for (const container of node.containers) {
        heals(`thaw ${node.name}`, () => cluster.engine.unpauseContainer(container));
        await cluster.engine.pauseContainer(container);
      }
    }
  },
});
