import type { ClusterPlan } from "../spec/planned.ts";

/** GPUs of one type on one node, as device files: minors 0 and 1 are /dev/nvidia0 and /dev/nvidia1. */
export interface NodeGpus {
  readonly type: string;
  readonly minors: readonly number[];
}

/** What the machine under the cluster allows. The harness finds it out; the renderer only reads it. */
export interface Ground {
  /** The cgroup version that slurmd can write to inside its container, or none. */
  readonly cgroup: "v1" | "v2" | "none";
  /** Device files by node name, in the order of the node's GPUs; nodes without GPUs are absent. */
  readonly gpus: Readonly<Record<string, readonly NodeGpus[]>>;
}

/** Made fresh for each cluster by whoever calls the renderer: this package has no random source. */
export interface Secrets {
  /** 32 to 1024 bytes, for munged. */
  readonly mungeKey: Uint8Array;
  /** At least 32 bytes, for auth/jwt with HS256. */
  readonly jwtKey: Uint8Array;
  /** 16 to 1024 bytes, for auth/slurm; may be absent where a file's content does not matter. */
  readonly slurmKey?: Uint8Array;
  /** StoragePass, unless the specification brings one; letters and digits only. */
  readonly databasePassword: string;
}

/** The cgroup version that jobs are confined with: what the specification says, else what the machine has. */
export function cgroupOf(
  plan: Pick<ClusterPlan, "cgroup">,
  ground: Pick<Ground, "cgroup">,
): Ground["cgroup"] {
  return plan.cgroup === "auto" ? ground.cgroup : plan.cgroup;
}
