import type { Problem } from "../problem.ts";
import { expandHostlist, HostlistError } from "../slurm/hostlist.ts";
import { problemsFrom } from "./issues.ts";
import { type ClusterSpec, clusterSpecSchema, type GpuSpec, type Role } from "./schema.ts";

/** One machine of the planned cluster, its hostlist expanded. */
export interface PlannedNode {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly cpus: number;
  /** RealMemory in MiB. */
  readonly memoryMb: number;
  readonly gpus: readonly GpuSpec[];
}

export interface PlannedPartition {
  readonly name: string;
  readonly nodes: readonly string[];
  readonly default: boolean;
}

/** A specification with nothing left to decide: what the renderer and the lab both work from. */
export interface ClusterPlan {
  readonly name: string;
  readonly slurm: string;
  readonly nodes: readonly PlannedNode[];
  readonly partitions: readonly PlannedPartition[];
  readonly user: string;
  readonly overrides: ClusterSpec["overrides"];
}

export type PlanResult =
  | { readonly ok: true; readonly plan: ClusterPlan }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Added when no node has the role: every cluster needs these four, and few people care what they are called. */
const ADDED: ReadonlyArray<readonly [Role, string]> = [
  ["slurmctld", "ctl"],
  ["slurmdbd", "dbd"],
  ["database", "db"],
  ["login", "login"],
];

/** Roles of which a cluster has exactly one, for now. */
const SINGLE: readonly Role[] = ["slurmctld", "slurmdbd", "database"];

/**
 * Checks what a person wrote and fills in the rest; all problems at once.
 *
 * `path` is put before every problem's own path; `defaultSlurm` is used when the specification names no release.
 */
export function planCluster(input: unknown, options: { defaultSlurm: string; path?: string }): PlanResult {
  const parsed = clusterSpecSchema.safeParse(input);
  if (!parsed.success) return failed(problemsFrom(parsed.error.issues, input, knownKeys), options.path);
  const spec = parsed.data;
  const problems: Problem[] = [];
  const nodes = addMissing(expandNodes(spec, problems));
  checkNodes(nodes, problems);
  const partitions = planPartitions(spec, nodes, problems);
  if (problems.length > 0) return failed(problems, options.path);
  return {
    ok: true,
    plan: {
      name: spec.name,
      slurm: spec.slurm ?? options.defaultSlurm,
      nodes,
      partitions,
      user: spec.user,
      overrides: spec.overrides,
    },
  };
}

function failed(problems: readonly Problem[], prefix = ""): PlanResult {
  if (!prefix) return { ok: false, problems };
  return {
    ok: false,
    problems: problems.map((p) => ({ ...p, path: p.path ? `${prefix}.${p.path}` : prefix })),
  };
}

function expandNodes(spec: ClusterSpec, problems: Problem[]): PlannedNode[] {
  return spec.nodes.flatMap((node, i) => {
    const gpus = node.gpus === undefined ? [] : Array.isArray(node.gpus) ? node.gpus : [node.gpus];
    const path = `nodes[${i}]`;
    if (gpus.length > 0 && !node.roles.includes("slurmd")) {
      problems.push({
        severity: "error",
        path: `${path}.gpus`,
        message: "only a node with the role slurmd has GPUs",
      });
    }
    const types = gpus.map((gpu) => gpu.type);
    if (new Set(types).size < types.length) {
      problems.push({
        severity: "error",
        path: `${path}.gpus`,
        message: `a GPU type is named twice: ${types.join(", ")}`,
      });
    }
    return names(node.name, `${path}.name`, problems).map((name) => ({
      name,
      roles: node.roles,
      cpus: node.cpus,
      memoryMb: node.memory,
      gpus,
    }));
  });
}

function names(expression: string, path: string, problems: Problem[]): string[] {
  try {
    return expandHostlist(expression);
  } catch (error) {
    if (!(error instanceof HostlistError)) throw error;
    problems.push({ severity: "error", path, message: error.message });
    return [];
  }
}

function addMissing(nodes: PlannedNode[]): PlannedNode[] {
  const infrastructure = ADDED.filter(([role]) => !nodes.some((node) => node.roles.includes(role))).map(
    ([role, name]): PlannedNode => ({ name, roles: [role], cpus: 1, memoryMb: 1024, gpus: [] }),
  );
  return [...infrastructure, ...nodes];
}

function checkNodes(nodes: readonly PlannedNode[], problems: Problem[]): void {
  const seen = new Set<string>();
  for (const { name } of nodes) {
    if (seen.has(name)) {
      const added = ADDED.find(([, candidate]) => candidate === name);
      const hint = added ? { hint: `one of them is added, because no node has the role ${added[0]}` } : {};
      problems.push({ severity: "error", path: "nodes", message: `two nodes are called "${name}"`, ...hint });
    }
    seen.add(name);
    // Docker's embedded DNS and Slurm's own tables both stop at 63 characters of a host name (RFC 1035).
    if (name.length > 63)
      problems.push({ severity: "error", path: "nodes", message: `"${name}" is longer than 63 characters` });
  }
  const modes = new Set(nodes.flatMap((node) => node.gpus.map((gpu) => gpu.mode)));
  if (modes.has("mock") && modes.has("real")) {
    const message = "the GPUs of one cluster are all mock or all real, seen both";
    problems.push({ severity: "error", path: "nodes", message });
  }
  for (const role of SINGLE) {
    const holders = nodes.filter((node) => node.roles.includes(role)).map((node) => node.name);
    if (holders.length > 1) {
      problems.push({
        severity: "error",
        path: "nodes",
        message: `one node can be ${role}, seen ${holders.join(", ")}`,
      });
    }
  }
  if (!nodes.some((node) => node.roles.includes("slurmd"))) {
    problems.push({
      severity: "error",
      path: "nodes",
      message: "no node has the role slurmd, so no job could run",
    });
  }
}

function planPartitions(
  spec: ClusterSpec,
  nodes: readonly PlannedNode[],
  problems: Problem[],
): PlannedPartition[] {
  const workers = nodes.filter((node) => node.roles.includes("slurmd")).map((node) => node.name);
  if (!spec.partitions) return [{ name: "main", nodes: workers, default: true }];
  const planned = spec.partitions.map((partition, i) => {
    const members = names(partition.nodes, `partitions[${i}].nodes`, problems);
    for (const name of members.filter((member) => !workers.includes(member))) {
      const message = `partition ${partition.name} names ${name}, which is no node with the role slurmd`;
      problems.push({
        severity: "error",
        path: `partitions[${i}].nodes`,
        message,
        hint: `workers: ${workers.join(", ")}`,
      });
    }
    return { name: partition.name, nodes: members, default: partition.default };
  });
  const repeated = planned.find(
    (partition, i) => planned.findIndex((other) => other.name === partition.name) < i,
  );
  if (repeated)
    problems.push({
      severity: "error",
      path: "partitions",
      message: `two partitions are called "${repeated.name}"`,
    });
  const defaults = planned.filter((partition) => partition.default).map((partition) => partition.name);
  if (defaults.length > 1) {
    problems.push({
      severity: "error",
      path: "partitions",
      message: `one partition can be the default, seen ${defaults.join(", ")}`,
    });
  }
  const first = planned[0];
  // Slurm takes jobs without --partition only when a partition says Default=YES.
  return first && !planned.some((p) => p.default)
    ? [{ ...first, default: true }, ...planned.slice(1)]
    : planned;
}

function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  const shape = clusterSpecSchema.shape;
  const last = path.findLast((key) => typeof key === "string");
  if (last === undefined) return Object.keys(shape);
  if (last === "nodes") return Object.keys(shape.nodes.element.shape);
  if (last === "gpus") return ["type", "count", "mode"];
  if (last === "partitions") return ["name", "nodes", "default"];
  if (last === "overrides") return ["slurm.conf", "slurmdbd.conf", "cgroup.conf"];
  return [];
}
