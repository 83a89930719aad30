import { z } from "zod";
import { plugIn, unplug } from "../cluster/machines.ts";
import { spareAddress } from "../cluster/network.ts";
import type { Node } from "../cluster/node.ts";
import { changeFile } from "./changed-file.ts";
import { defineFault } from "./fault.ts";
import { target } from "./target.ts";

/** As a machine that got another lease, when everybody else still has the old answer of the DNS. */
export const addressChanged = defineFault({
  name: "address-changed",
  summary:
    "Gives nodes another address than their names have for everybody else. They reach the others, and nobody reaches them.",
  schema: z.strictObject({ fault: z.literal("address-changed"), on: target }),
  sentence: ({ on }) => `${on} has another address than its name`,
  async inject(_, { cluster, nodes, heals }): Promise<void> {
    const addresses = cluster.nodes.map((node) => node.address);
    for (const [i, node] of nodes.entries()) {
      const address = spareAddress(addresses, i);
      heals(`give ${node.name} its address back`, async () => {
        await unplug(cluster, node);
        await plugIn(cluster, node);
      });
      await unplug(cluster, node);
      await plugIn(cluster, node, address);
      await changeFile(node, "/etc/hosts", (text) => renamed(text, node, address), { heals });
    }
  },
});

function renamed(hosts: string, { address }: Node, now: string): string {
  return hosts
    .split("\n")
    .map((line) => (line.split(/\s+/)[0] === address ? line.replace(address, now) : line))
    .join("\n");
}
