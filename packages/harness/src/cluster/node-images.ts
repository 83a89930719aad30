import type { ClusterPlan, PlannedNode } from "@slurmlab/config-gen";
import { type ImageRole, type ImageSet, imageRoleOf } from "@slurmlab/images";

/** The images of a release, as far as containers are made of them. */
export type NodeImages = Pick<ImageSet, "slurm" | "tags">;

/** The image that a node runs on: its role's, or the one with everything for a node with several. */
export function imageOf(set: Pick<ImageSet, "tags">, node: Pick<PlannedNode, "roles">): string {
  return set.tags[imageRoleOf(node.roles)];
}

/** The image in which the ground is probed: a worker's, since it is workers that want something of the machine. */
export const PROBE_ROLE: ImageRole = "slurmd";

/** The images for nodes that are upgraded: of all but the database and the NFS server, which stay as they are. */
export function upgradeImageRolesOf(plan: Pick<ClusterPlan, "nodes">): ImageRole[] {
  const nodes = plan.nodes.filter((node) => node.roles.some((role) => role !== "database" && role !== "nfs"));
  return [...new Set(nodes.map((node) => imageRoleOf(node.roles)))];
}

/** Every image that a cluster of this plan needs, once each. */
export function imageRolesOf(plan: Pick<ClusterPlan, "nodes">): ImageRole[] {
  return [...new Set([PROBE_ROLE, ...plan.nodes.map((node) => imageRoleOf(node.roles))])];
}
