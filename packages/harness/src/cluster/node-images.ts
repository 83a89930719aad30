import type { ClusterPlan, PlannedNode } from "@slurmlab/config-gen";
import { type ImageRole, type ImageSet, imageRoleOf } from "@slurmlab/images";

/** The image that a node runs on: its role's, or the one with everything for a node with several. */
export function imageOf(set: Pick<ImageSet, "tags">, node: Pick<PlannedNode, "roles">): string {
  return set.tags[imageRoleOf(node.roles)];
}

/** The image in which the ground is probed: a worker's, since it is workers that want something of the machine. */
export const PROBE_ROLE: ImageRole = "slurmd";

/** Every image that a cluster of this plan needs, once each. */
export function imageRolesOf(plan: Pick<ClusterPlan, "nodes">): ImageRole[] {
  return [...new Set([PROBE_ROLE, ...plan.nodes.map((node) => imageRoleOf(node.roles))])];
}
