import { type ClusterPlan, type ConfigFile, nodeWith, type Role } from "@slurmlab/config-gen";
import type { Engine } from "../engine/engine.ts";
import { LabError } from "../errors/lab-error.ts";
import type { Undo } from "../errors/undo.ts";
import type { Surroundings } from "./container-spec.ts";
import type { Node } from "./node.ts";
import type { NodeImages } from "./node-images.ts";
import type { Release } from "./release.ts";
import type { Waits } from "./waits.ts";

/** A running cluster. */
export interface Cluster extends Surroundings {
  readonly engine: Engine;
  readonly plan: ClusterPlan;
  /** Of the release that it was started with. */
  readonly images: NodeImages;
  /** The machines, in the order of the plan. A node that shares one is got by `nodeNamed`. */
  readonly nodes: readonly Node[];
  /** As generated; secret files among them. */
  readonly bundle: readonly ConfigFile[];
  /** Releases that nodes can be upgraded to; the images are there and the files are made. */
  readonly upgrades: readonly Release[];
  /** What is made later than the cluster is undone with it. */
  readonly undo: Undo;
  readonly signal: AbortSignal;
  /** Told of each wait for Slurm. */
  readonly waits: Waits;
}

export function nodeNamed(cluster: Cluster, name: string): Node {
  const node = cluster.nodes.find((candidate) => candidate.name === name) ?? packedNode(cluster, name);
  if (node) return node;
  throw new LabError({
    kind: "bad-input",
    message: `the cluster has no node "${name}"`,
    expected: cluster.nodes.map((candidate) => candidate.name).join(", "),
    seen: name,
  });
}

function packedNode({ plan, nodes }: Cluster, name: string): Node | undefined {
  const planned = plan.nodes.find((each) => each.name === name && each.pack);
  const machine = nodes.find((each) => each.name === planned?.pack?.machine);
  return planned && machine?.sharing(planned);
}

/** The (first) node with a role. */
export function nodeOf(cluster: Cluster, role: Role): Node {
  return nodeNamed(cluster, nodeWith(cluster.plan, role).name);
}
