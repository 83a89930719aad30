import { Kinds } from "../kinds.ts";
import { compressHostlist } from "../slurm/hostlist.ts";
import type { ClusterPlan, PlannedNode, PlannedPartition } from "../spec/planned.ts";
import { gpuSharesOf } from "./gpus.ts";
import type { Ground } from "./ground.ts";
import { groupRuns, workersOf } from "./nodes.ts";
import { type Pair, recordLine } from "./text.ts";

/** DownNodes, NodeSet, NodeName and PartitionName lines: all that names nodes. */
export function nodeLines(plan: ClusterPlan, ground: Ground): string[] {
  const lab = plan.defaults === "lab";
  return [
    ...(lab ? labNodes(plan, ground) : siteNodes(plan)),
    ...plan.nodeSets.map((set) =>
      recordLine([
        ["NodeSet", set.name],
        ["Nodes", set.nodes],
        ["Feature", set.feature],
      ]),
    ),
    ...plan.downNodes.map((down) =>
      recordLine([
        ["DownNodes", down.nodes],
        ["State", down.state ?? (lab ? "DOWN" : undefined)],
        ["Reason", down.reason],
      ]),
    ),
    ...plan.partitions.map((partition, i) => (lab ? labPartition(partition) : sitePartition(plan, i))),
  ];
}

/** GresTypes: every kind of resource that a node has, GPUs and what shares them first. */
export function gresTypes(plan: ClusterPlan, ground: Ground): string[] {
  const shares = workersOf(plan).flatMap((node) => gpuSharesOf(node, ground));
  const others = workersOf(plan).flatMap((node) => Object.keys(node.gres));
  return [
    ...(shares.length > 0 ? ["gpu"] : []),
    ...(shares.some(({ gpu }) => gpu.mps) ? ["mps"] : []),
    ...(shares.some(({ gpu }) => gpu.shards) ? ["shard"] : []),
    ...new Set(others),
  ];
}

/** Neighbours that differ in nothing but their name share one line. */
function labNodes(plan: ClusterPlan, ground: Ground): string[] {
  // A container's nodes stand on a line of their own: their ports are counted along with their names.
  const groups = groupRuns(
    workersOf(plan),
    (node) => `${node.pack?.machine ?? ""}\n${labNode(node, ground)}`,
  );
  return groups.map(({ key, items }) => {
    const names = compressHostlist(items.map((node) => node.name));
    const [, sizes] = key.split("\n");
    return `${recordLine([["NodeName", names], ...placeOf(items)])} ${sizes}`;
  });
}

/** Where the slurmd of packed nodes are: several on one host, told apart by their ports. */
function placeOf(nodes: readonly PlannedNode[]): Pair[] {
  const packs = nodes.flatMap(({ pack }) => pack ?? []);
  const [first] = packs;
  const last = packs.at(-1);
  if (!first || !last) return [];
  return [
    ["NodeHostname", first.machine],
    ["NodeAddr", first.machine],
    ["Port", first === last ? first.port : `[${first.port}-${last.port}]`],
  ];
}

function labNode(node: PlannedNode, ground: Ground): string {
  const shares = gpuSharesOf(node, ground).map(({ gpu, minors }) => ({ ...gpu, count: minors.length }));
  return recordLine(
    [
      // CoresPerSocket alone would be read as 1 CPU in all; said fully, every release agrees.
      ["CPUs", node.cpus],
      ["Boards", 1],
      ["SocketsPerBoard", node.sockets],
      ["CoresPerSocket", node.cores],
      ["ThreadsPerCore", node.threads],
      ["RealMemory", node.memoryMb],
      ["Feature", node.features.join(",") || undefined],
      ["Gres", gresText(shares, node.gres)],
      ["State", (node.state ?? "unknown").toUpperCase()],
    ],
    node.slurm,
  );
}

/** One line for each entry of the specification, with the keys that it has. */
function siteNodes(plan: ClusterPlan): string[] {
  const kinds = new Kinds();
  const texts = new Map<object, string>();
  const groups = groupRuns(workersOf(plan), (node) => {
    const kind = kinds.of(siteRow(node));
    const text = texts.get(kind) ?? siteNode(node);
    texts.set(kind, text);
    return recordLine([["NodeName", node.written]]) + text;
  });
  return groups.map(({ key }) => key);
}

/** All that {@link siteNode} looks at. */
function siteRow({
  cpus,
  sockets,
  cores,
  threads,
  memoryMb,
  features,
  gpus,
  gres,
  state,
  slurm,
}: PlannedNode) {
  return [cpus, sockets, cores, threads, memoryMb, features, gpus, gres, state, slurm];
}

/** What follows the name, with the space before it. */
function siteNode(node: PlannedNode): string {
  const pairs: Pair[] = [
    ["CPUs", node.cpus],
    ["Sockets", node.sockets],
    ["CoresPerSocket", node.cores],
    ["ThreadsPerCore", node.threads],
    ["RealMemory", node.memoryMb],
    ["Feature", node.features.join(",") || undefined],
    ["Gres", gresText(node.gpus, node.gres)],
    ["State", node.state],
  ];
  const text = recordLine(pairs, node.slurm);
  return text === "" ? "" : ` ${text}`;
}

type Gpu = PlannedNode["gpus"][number];

/** `gpu:a100:4,mps:400,craynetwork:4`; undefined for a node without any. */
function gresText(
  gpus: ReadonlyArray<Pick<Gpu, "type" | "count" | "typed" | "mps" | "shards">>,
  others: PlannedNode["gres"],
): string | undefined {
  const sum = (key: "mps" | "shards") => gpus.reduce((total, gpu) => total + (gpu[key] ?? 0), 0);
  const parts = [
    ...gpus.map((gpu) => (gpu.typed === false ? `gpu:${gpu.count}` : `gpu:${gpu.type}:${gpu.count}`)),
    ...(sum("mps") > 0 ? [`mps:${sum("mps")}`] : []),
    ...(sum("shards") > 0 ? [`shard:${sum("shards")}`] : []),
    ...Object.entries(others).flatMap(([name, value]) =>
      String(value)
        .split(",")
        .map((one) => `${name}:${one}`),
    ),
  ];
  return parts.length > 0 ? parts.join(",") : undefined;
}

function labPartition(partition: PlannedPartition): string {
  return recordLine(
    [
      ["PartitionName", partition.name],
      ["Nodes", partition.written],
      ["Default", partition.default ? "YES" : undefined],
      ["MaxTime", "INFINITE"],
      ["State", "UP"],
    ],
    partition.slurm,
  );
}

function sitePartition(plan: ClusterPlan, i: number): string {
  const partition = plan.partitions[i] as PlannedPartition;
  return recordLine(
    [
      ["PartitionName", partition.name],
      ["Nodes", partition.written],
      ["Default", partition.default ? "YES" : undefined],
    ],
    partition.slurm,
  );
}
