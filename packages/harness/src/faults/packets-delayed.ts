import { z } from "zod";
import { defineFault } from "./fault.ts";
import { besideNode, mustWork } from "./firewall.ts";
import { target } from "./target.ts";

/** By the kernel's queueing discipline netem, which is a module (sch_netem) that the host may not have. */
export const packetsDelayed = defineFault({
  name: "packets-delayed",
  summary:
    "Delays every packet that nodes send, as a long or overloaded line does: everything works, and each message takes longer.",
  schema: z.strictObject({
    fault: z.literal("packets-delayed"),
    on: target,
    by: z.int().min(1).max(60_000).default(200).meta({ description: "milliseconds" }),
  }),
  async unavailable({ by }, { cluster, nodes: [node] }): Promise<string | undefined> {
    if (!node) return undefined;
    const { code, log } = await besideNode(cluster, node, ["tc", ...delay("add", "lo", by)], "no network");
    return code === 0 ? undefined : `tc cannot do it in a container: ${log.trim()}`;
  },
  sentence: ({ on, by }) => `packets of ${on} take ${by} ms longer`,
  async inject({ by }, { cluster, nodes, heals }): Promise<void> {
    for (const node of nodes) {
      const tc = (...args: string[]) => besideNode(cluster, node, ["tc", ...args], "its network");
      // Another one on the same node is not this one's to take away.
      let added = false;
      heals(`send the packets of ${node.name} at once again`, async () => {
        if (added) await mustWork(tc(...delay("delete", INTERFACE, by)));
      });
      await mustWork(tc(...delay("add", INTERFACE, by)));
      added = true;
    }
  },
});

/** Each node has one network, and the engine calls its end so. */
const INTERFACE = "eth0";

function delay(what: "add" | "delete", device: string, by: number): string[] {
  return ["qdisc", what, "dev", device, "root", "netem", "delay", `${by}ms`];
}
