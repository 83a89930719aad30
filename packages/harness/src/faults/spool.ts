import type { Cluster } from "../cluster/cluster.ts";

/** SlurmdSpoolDir as every cluster here has it: a volume of the node's own. */
export const SPOOL = "/var/spool/slurmd";

/** After an upgrade slurmd is in a container with mounts of its own. */
export const BESIDE_SLURMD = { beside: "slurmd" } as const;

/** Why workers of this cluster cannot be given other file systems. */
export function mayNotMount({ facts }: Cluster): string | undefined {
  return facts.cgroup === "none" ? "workers that are not confined may not mount anything" : undefined;
}
