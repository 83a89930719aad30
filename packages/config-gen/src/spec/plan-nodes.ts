import type { GpuMode, GpuSpec, NodeSpec, Role } from "./node-schema.ts";
import { packsOf } from "./plan-packs.ts";
import type { PlannedNode } from "./planned.ts";
import { numbered, type Problems } from "./problems.ts";
import type { ClusterSpec } from "./schema.ts";

/** Added when no node has the role: few people care what they are called. */
const ADDED: ReadonlyArray<readonly [Role, string]> = [
  ["slurmctld", "ctl"],
  ["slurmdbd", "dbd"],
  ["database", "db"],
  ["login", "login"],
  ["nfs", "nfs"],
];

/** Roles of which a cluster has exactly one, for now. */
const SINGLE: readonly Role[] = ["slurmdbd", "database", "nfs"];

/** What State= may say (slurm.conf(5)), in lower case; IDLE is not in the book, but stands in many a file. */
const STATES = ["unknown", "idle", "cloud", "down", "drain", "fail", "failing", "future"];

/** One for all nodes that say nothing, so that those of one kind share all that they have. */
const NONE: never[] = [];
const NO_KEYS = {};

/** What a worker has in a lab where nothing is said. */
const LAB = { cpus: 4, memoryMb: 1024 } as const;

/** Every node, expanded, with those added that no one wrote; `accounting`: whether slurmdbd is one of them. */
export function planNodes(spec: ClusterSpec, accounting: boolean, problems: Problems): PlannedNode[] {
  const written: PlannedNode[] = [];
  const machines = new Map<string, number>();
  for (const [node, path] of numbered(spec.nodes, "nodes"))
    for (const planned of expandNode(spec, node, { path, problems, machines })) written.push(planned);
  const nodes = [...missing(written, { accounting, nfs: spec.storage !== "volume" }), ...written];
  checkNames(nodes, problems);
  checkRoles(nodes, problems);
  return nodes;
}

function expandNode(
  spec: ClusterSpec,
  node: NodeSpec,
  at: { path: string; problems: Problems; machines: Map<string, number> },
): PlannedNode[] {
  const { path, problems } = at;
  const gpus = node.gpus === undefined ? NONE : Array.isArray(node.gpus) ? node.gpus : [node.gpus];
  const worker = node.roles.includes("slurmd");
  if (gpus.length > 0 && !worker) problems.add(`${path}.gpus`, "only a node with the role slurmd has GPUs");
  checkGpus(gpus, `${path}.gpus`, problems);
  if (node.state !== undefined && !STATES.includes(node.state.toLowerCase()))
    problems.unknown(`${path}.state`, `no State= is called "${node.state}"`, node.state, STATES);
  for (const key of Object.keys(node.slurm ?? {})) {
    if (key.toLowerCase() === "nodename") problems.add(`${path}.slurm.${key}`, "the name is said as name");
  }
  const sizes = spec.defaults === "lab" ? labSizes(node, path, problems) : siteSizes(node, path, problems);
  const names = problems.expand(`${path}.name`, node.name);
  const packs = packsOf(spec, node, names, at);
  // Key by key: a spread takes several times as long, and this is done for every node.
  return names.map((name, i) => ({
    name,
    roles: node.roles,
    cpus: sizes.cpus,
    sockets: sizes.sockets,
    cores: sizes.cores,
    threads: sizes.threads,
    memoryMb: sizes.memoryMb,
    features: node.features ?? NONE,
    gpus,
    gres: node.gres ?? NO_KEYS,
    state: node.state,
    slurm: node.slurm ?? NO_KEYS,
    pack: packs?.[i],
    written: node.name,
  }));
}

type Sizes = Pick<PlannedNode, "cpus" | "sockets" | "cores" | "threads" | "memoryMb">;

/** As written; Slurm has its own defaults for the rest. */
function siteSizes(node: NodeSpec, path: string, problems: Problems): Sizes {
  const { cpus, sockets, cores, threads } = node;
  if (cpus !== undefined && sockets !== undefined && cores !== undefined)
    checkProduct({ cpus, sockets, cores, threads: threads ?? 1 }, path, problems);
  return { cpus, sockets, cores, threads, memoryMb: node.memory };
}

/** All four sizes, so that every release reads them alike: what is missing follows from the others. */
function labSizes(node: NodeSpec, path: string, problems: Problems): Sizes {
  const threads = node.threads ?? 1;
  const memoryMb = node.memory ?? LAB.memoryMb;
  if (node.cpus === undefined) {
    const said = node.sockets ?? node.cores ?? node.threads;
    const cores = node.cores ?? (said === undefined ? LAB.cpus : 1);
    const sockets = node.sockets ?? 1;
    return { cpus: sockets * cores * threads, sockets, cores, threads, memoryMb };
  }
  const { cpus } = node;
  const sockets = node.sockets ?? whole(cpus, (node.cores ?? cpus / threads) * threads) ?? 1;
  const cores = node.cores ?? whole(cpus, sockets * threads) ?? 1;
  checkProduct({ cpus, sockets, cores, threads }, path, problems);
  return { cpus, sockets, cores, threads, memoryMb };
}

function whole(a: number, b: number): number | undefined {
  return b > 0 && Number.isInteger(a / b) ? a / b : undefined;
}

/** CPUs= counts threads, or cores where threads are not to be scheduled one by one: Slurm takes either. */
function checkProduct(
  { cpus, sockets, cores, threads }: { cpus: number; sockets: number; cores: number; threads: number },
  path: string,
  problems: Problems,
): void {
  if (cpus === sockets * cores * threads || cpus === sockets * cores) return;
  const product = `${sockets} sockets x ${cores} cores x ${threads} threads`;
  problems.add(`${path}.cpus`, `${cpus} CPUs are not ${product}`, `that is ${sockets * cores * threads}`);
}

function checkGpus(gpus: readonly GpuSpec[], path: string, problems: Problems): void {
  if (gpus.length === 0) return;
  // Slurm compares types without regard to case.
  const types = gpus.map((gpu) => gpu.type);
  if (new Set(types.map((type) => type.toLowerCase())).size < types.length)
    problems.add(path, `a GPU type is named twice: ${types.join(", ")}`);
  if (new Set(gpus.map((gpu) => gpu.typed !== false)).size > 1)
    problems.add(path, "Slurm is told the type of all GPUs of a node or of none, seen both");
  if (gpus.some((gpu) => gpu.mps) && gpus.some((gpu) => gpu.shards))
    problems.add(path, "the GPUs of a node are shared by mps or by shards, seen both");
  for (const gpu of gpus) {
    for (const key of ["mps", "shards"] as const) {
      const shared = gpu[key];
      if (shared !== undefined && shared % gpu.count !== 0)
        problems.add(path, `${key} is shared evenly: expected a multiple of ${gpu.count}, seen ${shared}`);
    }
  }
}

function missing(
  nodes: readonly PlannedNode[],
  wanted: { readonly accounting: boolean; readonly nfs: boolean },
): PlannedNode[] {
  const has = (role: Role) => nodes.some((node) => node.roles.includes(role));
  return ADDED.filter(([role]) => wanted.accounting || (role !== "slurmdbd" && role !== "database"))
    .filter(([role]) => wanted.nfs || role !== "nfs")
    .filter(([role]) => !has(role))
    .map(([role, name]) => ({
      name,
      roles: [role],
      cpus: 1,
      sockets: 1,
      cores: 1,
      threads: 1,
      memoryMb: 1024,
      features: [],
      gpus: [],
      gres: {},
      state: undefined,
      slurm: {},
      pack: undefined,
      written: undefined,
    }));
}

function checkNames(nodes: readonly PlannedNode[], problems: Problems): void {
  const seen = new Map<string, string>();
  const machines = new Set(nodes.flatMap(({ pack }) => pack?.machine ?? []));
  for (const { name } of [...nodes, ...[...machines].map((machine) => ({ name: machine }))]) {
    const lower = name.toLowerCase();
    const other = seen.get(lower);
    if (other === name) {
      const added = nodes.find((node) => node.name === name && node.written === undefined);
      const hint = added && `one of them is added, because no node has the role ${added.roles[0]}`;
      problems.add("nodes", `two nodes are called "${name}"`, hint);
    } else if (other !== undefined) {
      problems.add("nodes", `"${other}" and "${name}" differ only in case, which no resolver tells apart`);
    }
    seen.set(lower, name);
    // Docker's embedded DNS and Slurm's own tables both stop at 63 characters of a host name (RFC 1035).
    if (name.length > 63) problems.add("nodes", `"${name}" is longer than 63 characters`);
    if (lower === "localhost")
      problems.add("nodes", "localhost is every node to itself: expected another name");
  }
}

function checkRoles(nodes: readonly PlannedNode[], problems: Problems): void {
  const modes = new Set<GpuMode>();
  for (const node of nodes) for (const gpu of node.gpus) modes.add(gpu.mode);
  if (modes.has("mock") && modes.has("real"))
    problems.add("nodes", "the GPUs of one cluster are all mock or all real, seen both");
  for (const role of SINGLE) {
    const holders = nodes.filter((node) => node.roles.includes(role)).map((node) => node.name);
    if (holders.length > 1) problems.add("nodes", `one node can be ${role}, seen ${holders.join(", ")}`);
  }
  if (!nodes.some((node) => node.roles.includes("slurmd")))
    problems.add("nodes", "no node has the role slurmd, so no job could run");
}
