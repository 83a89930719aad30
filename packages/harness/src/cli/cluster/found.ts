import { compressHostlist, expandHostlist, nearest } from "@slurmlab/config-gen";
import { type FoundCluster, listClusters } from "../../cluster/sweep.ts";
import type { Engine } from "../../engine/engine.ts";
import { lookForEngine } from "../../engine/find.ts";
import { LABEL } from "../../engine/labels.ts";
import { LabError } from "../../errors/lab-error.ts";

/** A cluster that somebody has asked for, on the engine that it was found on. */
export interface AskedCluster {
  readonly engine: Engine;
  /** The engine, in one line. */
  readonly line: string;
  readonly cluster: FoundCluster;
}

/** The cluster with this id, or else of this name. Bad input when there is none, or when several have the name. */
export function clusterCalled(word: string, clusters: readonly FoundCluster[]): FoundCluster {
  const byId = clusters.filter((cluster) => cluster.id === word);
  const meant = byId.length > 0 ? byId : clusters.filter(({ name }) => name !== "" && name === word);
  const [cluster, another] = meant;
  if (!cluster) throw noCluster(word, clusters);
  if (!another) return cluster;
  throw new LabError({
    kind: "bad-input",
    message: `${meant.length} clusters are called "${word}"`,
    expected: `one of their ids: ${idsOf(meant)}`,
  });
}

/** The cluster with this id or name, or the only one there is. Bad input when that names none, or several could be meant. */
export async function findCluster(id: string | undefined): Promise<AskedCluster> {
  const found = await lookForEngine(process.env);
  const clusters = found ? await listClusters(found.engine) : [];
  const [only, another] = clusters;
  const cluster = id !== undefined ? clusterCalled(id, clusters) : another ? undefined : only;
  if (found && cluster) return { engine: found.engine, line: found.line, cluster };
  throw new LabError({
    kind: "bad-input",
    message: clusters.length === 0 ? "there is no cluster" : "which cluster?",
    expected: idsOf(clusters),
    hint: clusters.length === 0 ? "start one: pnpm cluster up minimal" : "name one of them",
  });
}

function noCluster(id: string, clusters: readonly FoundCluster[]): LabError {
  const near = nearest(
    id,
    clusters.flatMap(({ id: own, name }) => (name ? [own, name] : [own])),
  );
  return new LabError({
    kind: "bad-input",
    message: `no cluster "${id}"`,
    expected: idsOf(clusters),
    ...(near ? { hint: `did you mean "${near}"?` } : {}),
  });
}

const idsOf = (clusters: readonly FoundCluster[]) =>
  clusters.map((cluster) => cluster.id).join(", ") || "there are none";

/** A node of a cluster as its labels tell it. */
export interface FoundNode {
  readonly name: string;
  readonly roles: readonly string[];
  /** Where programs run: of a node that was upgraded, the newest of its containers. */
  readonly container: string;
  /** The nodes that share this machine; none where it is a node itself. */
  readonly packed: readonly string[];
}

/** The nodes of a cluster, by name. */
export function nodesOf(cluster: FoundCluster): FoundNode[] {
  const containers = cluster.parts.filter((part) => part.kind === "container");
  const groups = Map.groupBy(containers, ({ labels }) => labels[LABEL.node] ?? "");
  groups.delete("");
  return [...groups]
    .map(([name, parts]) => {
      const [newest] = parts.toSorted((a, b) => releaseOf(b.labels).localeCompare(releaseOf(a.labels)));
      const roles = parts.map(({ labels }) => labels[LABEL.roles]).find(Boolean) ?? "";
      const packed = parts.map(({ labels }) => labels[LABEL.packed]).find(Boolean);
      return {
        name,
        roles: roles.split(","),
        container: newest?.id ?? "",
        packed: packed === undefined ? [] : expandHostlist(packed),
      };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Releases are ordered as their text is. A node's first container has none: whatever joined it is newer. */
const releaseOf = (labels: FoundCluster["parts"][number]["labels"]) => labels[LABEL.upgrade] ?? "";

/** A node that shares its machine with others: programs run there. */
function sharing(nodes: readonly FoundNode[], name: string): FoundNode | undefined {
  const machine = nodes.find(({ packed }) => packed.includes(name));
  return machine && { ...machine, name, packed: [] };
}

/** The node with this name; without one the login node, or where there is none, slurmctld's. Bad input when there is none. */
export function nodeAsked(cluster: FoundCluster, name: string | undefined): FoundNode {
  const nodes = nodesOf(cluster);
  const withRole = (role: string) => nodes.find(({ roles }) => roles.includes(role));
  const node =
    name === undefined
      ? (withRole("login") ?? withRole("slurmctld"))
      : (nodes.find((each) => each.name === name) ?? sharing(nodes, name));
  if (node) return node;
  const names = nodes.flatMap(({ packed, ...each }) => (packed.length > 0 ? packed : [each.name]));
  const shown = nodes.map(({ packed, name: own }) => (packed.length > 0 ? compressHostlist(packed) : own));
  const near = name === undefined ? undefined : nearest(name, names);
  throw new LabError({
    kind: "bad-input",
    message: name === undefined ? `${cluster.id} has no login node` : `no node "${name}" in ${cluster.id}`,
    expected: shown.join(", ") || "it has no nodes",
    ...(near ? { hint: `did you mean "${near}"?` } : {}),
  });
}
