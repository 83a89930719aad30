import { randomBytes } from "node:crypto";
import type { Cluster } from "../cluster/cluster.ts";
import { clusterNames } from "../cluster/names.ts";
import type { Node } from "../cluster/node.ts";
import type { Engine } from "../engine/engine.ts";
import { LABEL, type Labels } from "../engine/labels.ts";
import { messageOf } from "../errors/lab-error.ts";
import type { FaultContext } from "./fault.ts";

/** Which packets of a node are dropped, as iptables' arguments: the chain, what matches, the target. */
export type Rule = readonly [chain: "INPUT" | "OUTPUT", ...matches: string[]];

/** All but what a node says to itself. */
export const FROM_OTHERS = ["!", "-i", "lo"] as const;
export const TO_OTHERS = ["!", "-o", "lo"] as const;

/**
 * Drops the nodes' packets that match, until it is healed. A rule is put in by a container that shares the node's network and
 * nothing else: the node itself never has the capability that it takes.
 */
export async function dropPackets(
  rules: readonly Rule[],
  { cluster, nodes, heals }: Pick<FaultContext, "cluster" | "nodes" | "heals">,
): Promise<void> {
  for (const [node, rule] of nodes.flatMap((each) => rules.map((one) => [each, one] as const))) {
    const dropped = [...rule, "-j", "DROP"];
    heals(`let packets through on ${node.name} again`, async () => {
      const there = await iptables(cluster, node, ["-C", ...dropped], "its network");
      if (there.code === 0) await mustWork(iptables(cluster, node, ["-D", ...dropped], "its network"));
    });
    await mustWork(iptables(cluster, node, ["-I", ...dropped], "its network"));
  }
}

/** Why such a rule cannot be had on this machine. It is tried on a network of nobody. */
export async function unavailableRule(
  cluster: Cluster,
  [node]: readonly Node[],
  rule: Rule,
): Promise<string | undefined> {
  if (!node) return undefined;
  const { code, log } = await iptables(cluster, node, ["-A", ...rule, "-j", "DROP"], "no network");
  return code === 0 ? undefined : `iptables cannot do it in a container: ${log.trim()}`;
}

/** Rejects with what the program said when it has failed. */
export async function mustWork(work: Promise<{ code: number; log: string }>): Promise<void> {
  const { code, log } = await work;
  if (code !== 0) throw new Error(`the network of the node could not be changed: ${log.trim()}`);
}

function iptables(cluster: Cluster, node: Node, args: readonly string[], on: "its network" | "no network") {
  return besideNode(cluster, node, ["iptables", "--wait", ...args], on);
}

/** Runs a program that changes a network in a container beside the node's. The image is the node's own. */
export async function besideNode(
  { engine, id }: Cluster,
  node: Node,
  argv: readonly string[],
  on: "its network" | "no network",
): Promise<{ code: number; log: string }> {
  const { [LABEL.node]: _, [LABEL.roles]: __, ...labels } = await labelsOf(engine, node);
  const container = await engine.createContainer({
    name: `${clusterNames(id).container(node.name)}-firewall-${randomBytes(3).toString("hex")}`,
    hostname: node.name,
    image: node.image,
    labels,
    ...(on === "its network" ? { joinsNetworkOf: node.machine } : {}),
    capabilities: ["NET_ADMIN", "NET_RAW"],
    entrypoint: argv,
  });
  try {
    await engine.startContainer(container);
    const code = await engine.waitForExit(container);
    return { code, log: await engine.containerLog(container) };
  } catch (error) {
    // The image of a database has no such programs.
    return { code: 127, log: messageOf(error) };
  } finally {
    await engine.remove("container", container);
  }
}

/** The node's own, so that whoever removes the cluster removes this too. */
async function labelsOf(engine: Engine, node: Node): Promise<Labels> {
  const owned = await engine.listOwned();
  return owned.find((part) => part.id === node.machine)?.labels ?? {};
}
