import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Cluster } from "../cluster/cluster.ts";
import { clusterNames } from "../cluster/names.ts";
import type { Node } from "../cluster/node.ts";
import type { Engine } from "../engine/engine.ts";
import { LABEL, type Labels } from "../engine/labels.ts";
import { defineFault } from "./fault.ts";
import { target } from "./target.ts";

const DIRECTIONS = { in: "INPUT", out: "OUTPUT" } as const;

/**
 * As a firewall between two machines. The rule is put in by a container that shares the node's network and nothing else:
 * the node itself never has the capability that it takes.
 */
export const portBlocked = defineFault({
  name: "port-blocked",
  summary:
    "Drops packets to a TCP port, on their way into nodes or out of them: whoever connects waits for a time-out.",
  schema: z.strictObject({
    fault: z.literal("port-blocked"),
    on: target,
    port: z
      .int()
      .min(1)
      .max(65_535)
      .meta({ description: "6817 slurmctld, 6818 slurmd, 6819 slurmdbd, 3306 the database" }),
    direction: z.enum(["in", "out"]).default("in").meta({ description: "seen from the nodes" }),
  }),
  async unavailable(_, { cluster, nodes }): Promise<string | undefined> {
    const [node] = nodes;
    if (!node) return undefined;
    const { code, log } = await iptables(cluster, node, ["-L", "INPUT", "-n"]);
    return code === 0 ? undefined : `iptables does not work in a container: ${log.trim()}`;
  },
  sentence: ({ on, port, direction }) =>
    direction === "in" ? `port ${port} of ${on} is blocked` : `${on} cannot reach port ${port} of anyone`,
  async inject({ port, direction }, { cluster, nodes, heals }): Promise<void> {
    const rule = [DIRECTIONS[direction], "-p", "tcp", "--dport", String(port), "-j", "DROP"];
    for (const node of nodes) {
      heals(`let port ${port} through on ${node.name}`, async () => {
        const there = await iptables(cluster, node, ["-C", ...rule]);
        if (there.code === 0) await mustWork(iptables(cluster, node, ["-D", ...rule]));
      });
      await mustWork(iptables(cluster, node, ["-I", ...rule]));
    }
  },
});

async function mustWork(work: Promise<{ code: number; log: string }>): Promise<void> {
  const { code, log } = await work;
  if (code !== 0) throw new Error(`iptables ended with ${code}: ${log.trim()}`);
}

/** Runs iptables in a container beside the node's, on its network. The image is the node's own. */
async function iptables(
  { engine, id }: Cluster,
  node: Node,
  args: readonly string[],
): Promise<{ code: number; log: string }> {
  const { [LABEL.node]: _, [LABEL.roles]: __, ...labels } = await labelsOf(engine, node);
  const container = await engine.createContainer({
    name: `${clusterNames(id).container(node.name)}-firewall-${randomBytes(3).toString("hex")}`,
    hostname: node.name,
    image: node.image,
    labels,
    joinsNetworkOf: node.machine,
    capabilities: ["NET_ADMIN", "NET_RAW"],
    entrypoint: ["iptables", "--wait", ...args],
  });
  try {
    await engine.startContainer(container);
    const code = await engine.waitForExit(container);
    return { code, log: await engine.containerLog(container) };
  } finally {
    await engine.remove("container", container);
  }
}

/** The node's own, so that whoever removes the cluster removes this too. */
async function labelsOf(engine: Engine, node: Node): Promise<Labels> {
  const owned = await engine.listOwned();
  return owned.find((part) => part.id === node.machine)?.labels ?? {};
}
