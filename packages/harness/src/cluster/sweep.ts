import type { Engine, Owned } from "../engine/engine.ts";
import { LABEL, type Labels, ownerState } from "../engine/labels.ts";
import { clusterNames } from "./names.ts";

/** A cluster as its labels tell it: whoever made it, whatever is left of it. */
export interface FoundCluster {
  readonly id: string;
  /** What a person called it; empty where nobody did. */
  readonly name: string;
  readonly scenario: string;
  readonly slurm: string;
  readonly created: string;
  /** Whether the run that made it still lives; `kept` when that has ended and let it stay. */
  readonly state: "running" | "kept" | "left behind" | "unknown owner";
  readonly parts: readonly Owned[];
}

/** Every cluster in the engine, oldest first. Half-made and half-removed ones are listed too. */
export async function listClusters(engine: Pick<Engine, "listOwned">): Promise<FoundCluster[]> {
  const groups = Map.groupBy(await engine.listOwned(), (owned) => owned.labels[LABEL.cluster] ?? "");
  groups.delete("");
  const clusters = [...groups].map(([id, parts]): FoundCluster => {
    const labels = parts[0]?.labels ?? {};
    return {
      id,
      name: labels[LABEL.name] ?? "",
      scenario: labels[LABEL.scenario] ?? "",
      slurm: labels[LABEL.slurm] ?? "",
      created: labels[LABEL.created] ?? "",
      state: parts.some((part) => part.labels[LABEL.keep] === "true") ? "kept" : stateOf(labels),
      parts,
    };
  });
  return clusters.sort((a, b) => a.created.localeCompare(b.created));
}

function stateOf(labels: Owned["labels"]): FoundCluster["state"] {
  const owner = ownerState(labels[LABEL.owner] ?? "");
  return owner === "alive" ? "running" : owner === "dead" ? "left behind" : "unknown owner";
}

/**
 * Lets a cluster stay. Labels cannot be changed, so an empty volume says it, made at the end of the run: one that is killed before
 * leaves half of a cluster, which nobody wants to keep.
 */
export async function keepCluster(engine: Engine, id: string, labels: Labels): Promise<void> {
  await engine.createVolume({
    name: clusterNames(id).kept,
    labels: { ...labels, [LABEL.cluster]: id, [LABEL.keep]: "true" },
  });
}

/** Removes all of a cluster: containers first, as they hold the rest. Returns what could not be removed. */
export async function removeCluster(
  engine: Pick<Engine, "remove" | "unpauseContainer">,
  { parts }: Pick<FoundCluster, "parts">,
): Promise<string[]> {
  const failures: string[] = [];
  const nodes = parts.filter(({ kind }) => kind === "container");
  const [containers, servers] = clientsFirst(nodes, ({ labels }) => (labels[LABEL.roles] ?? "").split(","));
  for (const { id, state } of servers) if (state === "paused") await engine.unpauseContainer(id);
  const volumes = parts.filter(({ kind }) => kind === "volume");
  const networks = parts.filter(({ kind }) => kind === "network");
  for (const together of [containers, servers, volumes, networks]) {
    const results = await Promise.allSettled(together.map(({ kind, id }) => engine.remove(kind, id)));
    for (const [i, result] of results.entries()) {
      const part = together[i];
      if (result.status === "rejected")
        failures.push(`${part?.kind} ${part?.name}: ${result.reason?.message}`);
    }
  }
  return failures;
}

/** A node with /home from an NFS server does not end while nobody answers there: servers are for the end. */
export function clientsFirst<T>(
  nodes: readonly T[],
  rolesOf: (node: T) => readonly string[],
): [clients: T[], servers: T[]] {
  const serves = (node: T) => rolesOf(node).includes("nfs");
  return [nodes.filter((node) => !serves(node)), nodes.filter(serves)];
}

/** Removes what runs have left behind that are no more. Every command that uses the engine does this first. */
export async function sweep(engine: Engine): Promise<{ removed: FoundCluster[]; failures: string[] }> {
  const dead = (await listClusters(engine)).filter((cluster) => cluster.state === "left behind");
  const failures = await Promise.all(dead.map((cluster) => removeCluster(engine, cluster)));
  return { removed: dead.filter((_, i) => failures[i]?.length === 0), failures: failures.flat() };
}
