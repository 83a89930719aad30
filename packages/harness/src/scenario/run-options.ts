import type { ClusterPlan } from "@slurmlab/config-gen";
import type { ImageSet } from "@slurmlab/images";
import type { Cluster } from "../cluster/cluster.ts";
import type { FoundEngine } from "../engine/find.ts";
import type { Undo } from "../errors/undo.ts";
import type { Snapshot } from "../snapshot/record.ts";
import type { RunEvents } from "./events.ts";
import type { LoadedScenario } from "./load.ts";

/** A cluster that is started before the run that is to have it. */
export interface StandingCluster {
  /** None when it could not be started, or is not well any more; nothing is left of it then. */
  take(signal: AbortSignal): Promise<Cluster | undefined>;
  /** Takes it away, in the middle of its start too; resolves to what is left. */
  remove(): Promise<string[]>;
}

/** What a run is of, and what it needs of its surroundings. */
export interface RunOptions {
  readonly scenario: LoadedScenario;
  readonly plan: ClusterPlan;
  /** The cluster's id; made by the caller, so that a second Ctrl-C can name it. */
  readonly id: string;
  /** What a person calls the cluster, besides its id. */
  readonly clusterName?: string | undefined;
  readonly version: string;
  /** What `on: one` and the like are chosen by, and the steps' random source starts from. */
  readonly seed: number;
  /** Slurm's version, where it is another than the plan's: one that was compiled. */
  readonly slurm?: string | undefined;
  /** Awaited before each step. */
  readonly beforeStep?: ((sentence: string, cluster: Cluster) => Promise<void>) | undefined;
  /** Leaves the cluster running: whatever happens, or only when it came up. */
  readonly keep: boolean | "when-ready";
  readonly repeat: string;
  /** Leaves out the steps that disturb: the scenario must then fail, or it proves nothing. */
  readonly withoutFault: boolean;
  /** Where evidence goes, should there be any; relative to the working folder. */
  readonly evidenceFolder: string;
  readonly findEngine: () => Promise<FoundEngine>;
  readonly prepareImages: (found: FoundEngine) => Promise<ImageSet>;
  /** What the cluster goes on from, instead of from nothing. */
  readonly snapshot?: Snapshot | undefined;
  /** A cluster of this very plan that stands ready, or soon will, with this run's `id` and `undo`. */
  readonly standing?: StandingCluster | undefined;
  /** Releases that steps upgrade to. */
  readonly upgrades?: ReadonlyArray<{
    readonly plan: ClusterPlan;
    readonly prepareImages: (found: FoundEngine) => Promise<ImageSet>;
  }>;
  /** Why the scenario cannot run on this Slurm. */
  readonly skip?: string | undefined;
  readonly events: RunEvents;
  readonly signal: AbortSignal;
  readonly undo: Undo;
}
