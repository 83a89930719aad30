import type { GpuSpec, Role } from "./node-schema.ts";
import type { ClusterSpec } from "./schema.ts";

/** More keys of a line, as the specification has them. */
type MoreKeys = Readonly<Record<string, string | number | null>>;

/** Where a node is that is not a machine by itself. */
export interface Pack {
  /** NodeHostname of all that are there. */
  readonly machine: string;
  readonly port: number;
}

/**
 * One machine of the planned cluster, its hostlist expanded. Sizes are undefined where `defaults: slurm` leaves them
 * to Slurm.
 */
export interface PlannedNode {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly cpus: number | undefined;
  readonly sockets: number | undefined;
  /** Cores per socket. */
  readonly cores: number | undefined;
  /** Threads per core. */
  readonly threads: number | undefined;
  /** RealMemory in MiB. */
  readonly memoryMb: number | undefined;
  readonly features: readonly string[];
  readonly gpus: readonly GpuSpec[];
  /** Generic resources other than GPUs: what follows the name in Gres=. */
  readonly gres: Readonly<Record<string, string | number>>;
  /** State= as written. */
  readonly state: string | undefined;
  readonly slurm: MoreKeys;
  /** The container that it shares with others, and the port of its slurmd there; undefined when it has one to itself. */
  readonly pack: Pack | undefined;
  /** The hostlist that it was written in; undefined when it was added. */
  readonly written: string | undefined;
}

export interface PlannedPartition {
  readonly name: string;
  /** Every member once, in the order written; ALL and node sets expanded. */
  readonly nodes: readonly string[];
  readonly default: boolean;
  /** Nodes= as written; undefined when the partition has none. */
  readonly written: string | undefined;
  readonly slurm: MoreKeys;
}

/** What the plan takes from the specification as it stands. */
type AsWritten = Omit<ClusterSpec, "slurm" | "nodes" | "partitions">;

/** A specification with nothing left to decide: what the renderer and the lab both work from. */
export interface ClusterPlan extends Readonly<AsWritten> {
  readonly slurm: string;
  readonly nodes: readonly PlannedNode[];
  readonly partitions: readonly PlannedPartition[];
  /** The specification as somebody wrote it: what another release, or a later time, makes a plan of again. */
  readonly written: unknown;
}
