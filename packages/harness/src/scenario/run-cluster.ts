import type { ImageSet } from "@slurmlab/images";
import type { Cluster } from "../cluster/cluster.ts";
import type { InRelease } from "../cluster/container-spec.ts";
import type { Facts } from "../cluster/ground.ts";
import { startCluster } from "../cluster/start.ts";
import type { Waits } from "../cluster/waits.ts";
import type { Engine } from "../engine/engine.ts";
import { LABEL, type Labels, ownerOf } from "../engine/labels.ts";
import { Unavailable } from "../errors/unavailable.ts";
import { unmetByMachine } from "./requirements.ts";
import type { RunOptions } from "./run-options.ts";

/** What is put on all that belongs to a run's cluster, besides the cluster's own labels. */
export function runLabels(run: {
  readonly version: string;
  readonly scenario: string;
  readonly created: Date;
  /** What a person calls the cluster. */
  readonly name?: string | undefined;
}): Labels {
  return {
    ...(run.name ? { [LABEL.name]: run.name } : {}),
    [LABEL.tool]: run.version,
    [LABEL.scenario]: run.scenario,
    [LABEL.owner]: ownerOf(process.pid),
    [LABEL.created]: run.created.toISOString(),
  };
}

/** The cluster of a run: the one that stands ready for it, or a new one. */
export async function clusterFor(
  engine: Engine,
  options: Pick<RunOptions, "scenario" | "standing" | "id" | "plan" | "snapshot" | "undo">,
  means: {
    readonly images: ImageSet;
    readonly upgrades: readonly InRelease[];
    readonly labels: Labels;
    readonly signal: AbortSignal;
    readonly waits: Waits;
    readonly onProgress: (line: string) => void;
  },
): Promise<Cluster> {
  const { signal, waits } = means;
  const { requires } = options.scenario.settings;
  const checkMachine = (facts: Facts) => {
    const unmet = unmetByMachine(requires, facts);
    if (unmet) throw new Unavailable(unmet);
  };
  const standing = await options.standing?.take(signal);
  signal.throwIfAborted();
  if (standing) {
    checkMachine(standing.facts);
    return { ...standing, signal, waits };
  }
  const { id, plan, snapshot, undo } = options;
  return await startCluster(engine, { ...means, id, plan, snapshot, undo, checkMachine });
}
