import type { ClusterPlan } from "@slurmlab/config-gen";

/** Where munged reads its key, once, when it starts. */
export const MUNGE_KEY = "/etc/munge/munge.key";

/** For faults of munge: why a cluster without it cannot have them. */
export function lacksMunge({ auth }: ClusterPlan): string | undefined {
  return auth === "munge" ? undefined : `the cluster has auth: ${auth}, and no munged`;
}
