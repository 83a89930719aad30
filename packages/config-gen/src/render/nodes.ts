import type { Role } from "../spec/node-schema.ts";
import type { ClusterPlan, PlannedNode } from "../spec/planned.ts";

/** The first node with this role. A plan of `defaults: lab` has one of each but slurmrestd. */
export function nodeWith(plan: ClusterPlan, role: Role): PlannedNode {
  const node = plan.nodes.find((candidate) => candidate.roles.includes(role));
  if (!node) throw new Error(`the plan has no node with the role ${role}`);
  return node;
}

/** Every node that runs slurmd, in the order planned. */
export function workersOf(plan: ClusterPlan): PlannedNode[] {
  return plan.nodes.filter((node) => node.roles.includes("slurmd"));
}

/** Every node that runs slurmctld: the primary controller first, then its backups in their order. */
export function controllersOf(plan: ClusterPlan): PlannedNode[] {
  return plan.nodes.filter((node) => node.roles.includes("slurmctld"));
}

/** Whether StateSaveLocation is mounted from the NFS server; with `storage: auto` that is not decided yet. */
export function stateOnNfs({ storage, nfs }: Pick<ClusterPlan, "storage" | "nfs">): boolean {
  return storage !== "volume" && nfs.state === true;
}

/** Whether a worker is there when the cluster starts: a cloud or future one is not until Slurm is told, or asks. */
export function isPresent(node: Pick<PlannedNode, "state">): boolean {
  return !/^(cloud|future)$/i.test(node.state ?? "");
}

/** A container of the plan: a node, or what packed nodes share. */
export interface PlannedMachine extends PlannedNode {
  /** The nodes that share it; none where the machine is the node. */
  readonly packed: readonly PlannedNode[];
}

/** The containers of a plan, each where its first node stands. */
export function machinesOf(plan: Pick<ClusterPlan, "nodes">): PlannedMachine[] {
  const shared = Map.groupBy(
    plan.nodes.filter(({ pack }) => pack),
    ({ pack }) => pack?.machine ?? "",
  );
  return plan.nodes.flatMap((node): PlannedMachine[] => {
    if (!node.pack) return [{ ...node, packed: [] }];
    const packed = shared.get(node.pack.machine) ?? [];
    return packed[0] === node ? [{ ...node, name: node.pack.machine, pack: undefined, packed }] : [];
  });
}

/** Neighbours with the same key, together: `a a b a` gives three groups, so that written order survives. */
export function groupRuns<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): Array<{ key: string; items: T[] }> {
  const groups: Array<{ key: string; items: T[] }> = [];
  for (const item of items) {
    const key = keyOf(item);
    const last = groups.at(-1);
    if (last?.key === key) last.items.push(item);
    else groups.push({ key, items: [item] });
  }
  return groups;
}
