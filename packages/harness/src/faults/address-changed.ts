import { z } from "zod";
import type { Cluster } from "../cluster/cluster.ts";
import { plugIn, unplug } from "../cluster/machines.ts";
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
    for (const [i, node] of nodes.entries()) {
      const address = spareAddress(cluster, i);
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

/** One that no node has: nodes' addresses follow one another. */
function spareAddress({ nodes }: Cluster, i: number): string {
  const last = nodes.map(({ address }) => numberOf(address)).reduce((a, b) => Math.max(a, b), 0);
  const spare = last + 1 + i;
  return [24, 16, 8, 0].map((shift) => (spare >>> shift) & 255).join(".");
}

function numberOf(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function renamed(hosts: string, { address }: Node, now: string): string {
  return hosts
    .split("\n")
    .map((line) => (line.split(/\s+/)[0] === address ? line.replace(address, now) : line))
    .join("\n");
}
