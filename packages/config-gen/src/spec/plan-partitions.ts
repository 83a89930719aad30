import { compressHostlist } from "../slurm/hostlist.ts";
import type { PlannedNode, PlannedPartition } from "./planned.ts";
import { numbered, type Problems } from "./problems.ts";
import type { ClusterSpec } from "./schema.ts";

type NodeSets = ReadonlyMap<string, readonly string[]>;

/** The partitions with their members, and the checks of everything else that names workers. */
export function planPartitions(
  spec: ClusterSpec,
  nodes: readonly PlannedNode[],
  problems: Problems,
): PlannedPartition[] {
  const workers = nodes.filter((node) => node.roles.includes("slurmd"));
  const names = workerNames(nodes);
  const sets = planNodeSets(spec, workers, names, problems);
  for (const [down, path] of numbered(spec.downNodes, "downNodes"))
    expandWorkers(down.nodes, { path: `${path}.nodes`, what: "DownNodes" }, names, problems);
  if (!spec.partitions) {
    if (spec.defaults === "slurm") return [];
    return [
      { name: "main", nodes: [...names], default: true, written: compressHostlist([...names]), slurm: {} },
    ];
  }
  const planned = [...numbered(spec.partitions, "partitions")].map(([partition, path]): PlannedPartition => {
    const more = Object.keys(partition.slurm ?? {}).map((key) => key.toLowerCase());
    if (partition.nodes === undefined && spec.defaults === "lab" && !more.includes("nodes"))
      problems.add(`${path}.nodes`, "is missing", "expected a hostlist, ALL or a node set");
    if (more.includes("partitionname")) problems.add(`${path}.slurm`, "the name is said as name");
    const what = `partition ${partition.name}`;
    const members =
      partition.nodes === undefined
        ? []
        : expandWorkers(partition.nodes, { path: `${path}.nodes`, what }, names, problems, sets);
    return {
      name: partition.name,
      nodes: members,
      default: partition.default ?? saysYes(partition.slurm),
      written: partition.nodes,
      slurm: partition.slurm ?? {},
    };
  });
  return withDefault(spec, planned, problems);
}

/** `Default=YES` among the keys that are passed on. */
function saysYes(keys: Readonly<Record<string, unknown>> = {}): boolean {
  return Object.entries(keys).some(([key, value]) => /^default$/i.test(key) && /^yes$/i.test(String(value)));
}

function withDefault(spec: ClusterSpec, planned: PlannedPartition[], problems: Problems): PlannedPartition[] {
  problems.duplicates(
    "partitions",
    "partitions",
    planned.map((partition) => partition.name),
  );
  const defaults = planned.filter((partition) => partition.default).map((partition) => partition.name);
  if (defaults.length > 1)
    problems.add("partitions", `one partition can be the default, seen ${defaults.join(", ")}`);
  const [first, ...rest] = planned;
  // Slurm takes jobs without --partition only when a partition says Default=YES.
  return first && defaults.length === 0 && spec.defaults === "lab"
    ? [{ ...first, default: true }, ...rest]
    : planned;
}

function planNodeSets(
  spec: ClusterSpec,
  workers: readonly PlannedNode[],
  names: ReadonlySet<string>,
  problems: Problems,
): NodeSets {
  problems.duplicates(
    "nodeSets",
    "node sets",
    spec.nodeSets.map((set) => set.name),
  );
  const sets = new Map<string, readonly string[]>();
  for (const [set, path] of numbered(spec.nodeSets, "nodeSets")) {
    if (names.has(set.name)) problems.add(`${path}.name`, `"${set.name}" is the name of a node already`);
    if (set.nodes === undefined && set.feature === undefined)
      problems.add(path, "is empty", "expected nodes or feature");
    const said = set.nodes
      ? expandWorkers(set.nodes, { path: `${path}.nodes`, what: `node set ${set.name}` }, names, problems)
      : [];
    const { feature } = set;
    const having = workers.filter((node) => feature !== undefined && node.features.includes(feature));
    const features = [...new Set(workers.flatMap((node) => node.features))];
    if (feature !== undefined && having.length === 0)
      problems.unknown(`${path}.feature`, `no worker has the feature "${feature}"`, feature, features);
    sets.set(set.name, [...new Set([...said, ...having.map((node) => node.name)])]);
  }
  return sets;
}

const NAMES = new WeakMap<readonly PlannedNode[], ReadonlySet<string>>();

/** Names of the nodes that run slurmd, in the order planned. */
export function workerNames(nodes: readonly PlannedNode[]): ReadonlySet<string> {
  const made = NAMES.get(nodes);
  if (made) return made;
  const names = new Set<string>();
  for (const node of nodes) if (node.roles.includes("slurmd")) names.add(node.name);
  NAMES.set(nodes, names);
  return names;
}

/** Where a hostlist stands, and what it is the hostlist of. */
interface Where {
  readonly path: string;
  readonly what: string;
}

/** The members of a hostlist among the workers, each once; a problem for each that is none. */
export function expandWorkers(
  expression: string,
  where: Where,
  workers: ReadonlySet<string>,
  problems: Problems,
  sets: NodeSets = new Map(),
): string[] {
  const members = new Set<string>();
  for (const name of checkWorkers(expression, where, workers, problems, sets)) {
    if (workers.has(name)) members.add(name);
    else for (const member of severalOf(name, workers, sets) ?? []) members.add(member);
  }
  return [...members];
}

/** What stands for more than one node. */
function severalOf(name: string, workers: ReadonlySet<string>, sets: NodeSets): Iterable<string> | undefined {
  return name.toUpperCase() === "ALL" ? workers : sets.get(name);
}

/** The names of a hostlist, with a problem for each that is no worker. */
export function checkWorkers(
  expression: string,
  { path, what }: Where,
  workers: ReadonlySet<string>,
  problems: Problems,
  sets: NodeSets = new Map(),
): readonly string[] {
  const names = problems.expand(path, expression);
  for (const name of names) {
    if (workers.has(name) || severalOf(name, workers, sets)) continue;
    const named = sets.size > 0 ? `; node sets: ${[...sets.keys()].join(", ")}` : "";
    const hint = `workers: ${compressHostlist([...workers])}${named}`;
    problems.add(path, `${what} names ${name}, which is no node with the role slurmd`, hint);
  }
  return names;
}
