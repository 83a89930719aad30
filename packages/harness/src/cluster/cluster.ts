import { type ClusterPlan, type ConfigFile, nodeWith, type Role } from "@slurmlab/config-gen";
import type { Engine } from "../engine/engine.ts";
import { LabError } from "../errors/lab-error.ts";
import type { GpuDecision } from "./gpus.ts";
import type { Facts } from "./ground.ts";
import type { Node } from "./node.ts";

/** A running cluster. */
export interface Cluster {
  readonly id: string;
  readonly engine: Engine;
  readonly plan: ClusterPlan;
  readonly facts: Facts;
  /** Undefined when no node has GPUs. */
  readonly gpus: GpuDecision | undefined;
  /** In the order of the plan. */
  readonly nodes: readonly Node[];
  /** As generated; secret files among them. */
  readonly bundle: readonly ConfigFile[];
  readonly signal: AbortSignal;
}

export function nodeNamed(cluster: Cluster, name: string): Node {
  const node = cluster.nodes.find((candidate) => candidate.name === name);
  if (node) return node;
  throw new LabError({
    kind: "bad-input",
    message: `the cluster has no node "${name}"`,
    expected: cluster.nodes.map((candidate) => candidate.name).join(", "),
    seen: name,
  });
}

/** The (first) node with a role. */
export function nodeOf(cluster: Cluster, role: Role): Node {
  return nodeNamed(cluster, nodeWith(cluster.plan, role).name);
}
