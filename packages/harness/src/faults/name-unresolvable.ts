import { z } from "zod";
import { nodeOf } from "../cluster/cluster.ts";
import { changeFile } from "./changed-file.ts";
import { defineFault } from "./fault.ts";
import { target } from "./target.ts";

/** The names of a lab stand in /etc/hosts and nowhere else, so that this is the whole of its DNS. */
export const nameUnresolvable = defineFault({
  name: "name-unresolvable",
  summary:
    "Takes nodes' names out of the controller's /etc/hosts and restarts slurmctld: it does not know where they are.",
  schema: z.strictObject({ fault: z.literal("name-unresolvable"), on: target }),
  sentence: ({ on }) => `the controller cannot resolve ${on}`,
  async inject(_, { cluster, nodes, daemons, heals }): Promise<void> {
    const controller = nodeOf(cluster, "slurmctld");
    const names = new Set(nodes.map((node) => node.name));
    heals("restart slurmctld", () => daemons.restart(controller, "slurmctld"));
    const without = (text: string) =>
      text
        .split("\n")
        .filter(
          (line) =>
            !line
              .split(/\s+/)
              .slice(1)
              .some((name) => names.has(name)),
        )
        .join("\n");
    await changeFile(controller, "/etc/hosts", without, { heals });
    await daemons.restart(controller, "slurmctld");
  },
});
