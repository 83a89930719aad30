/** GPUs of one type on one node, as device files: minors 0 and 1 are /dev/nvidia0 and /dev/nvidia1. */
export interface NodeGpus {
  readonly type: string;
  readonly minors: readonly number[];
}

/** What the machine under the cluster allows. The harness finds it out; the renderer only reads it. */
export interface Ground {
  /** The cgroup version that slurmd can write to inside its container, or none. */
  readonly cgroup: "v1" | "v2" | "none";
  /** Device files by node name; nodes without GPUs are absent. */
  readonly gpus: Readonly<Record<string, readonly NodeGpus[]>>;
}

/** Made fresh for each cluster by whoever calls the renderer: this package has no random source. */
export interface Secrets {
  /** 32 to 1024 bytes, for munged. */
  readonly mungeKey: Uint8Array;
  /** At least 32 bytes, for auth/jwt with HS256. */
  readonly jwtKey: Uint8Array;
  /** StoragePass; letters and digits only, as it stands unquoted in slurmdbd.conf. */
  readonly databasePassword: string;
}
