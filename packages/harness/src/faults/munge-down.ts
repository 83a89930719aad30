import { z } from "zod";
import { defineFault } from "./fault.ts";
import { lacksMunge } from "./munge.ts";
import { target } from "./target.ts";

export const mungeDown = defineFault({
  name: "munge-down",
  summary: "Stops munged on nodes: no command or daemon there can make or check a credential.",
  schema: z.strictObject({ fault: z.literal("munge-down"), on: target }),
  lacks: (_, plan) => lacksMunge(plan),
  sentence: ({ on }) => `munged does not run on ${on}`,
  async inject(_, { nodes, daemons, heals }): Promise<void> {
    for (const node of nodes) {
      heals(`start munged on ${node.name}`, () => daemons.start(node, "munged"));
      await daemons.stop(node, "munged");
    }
  },
});
