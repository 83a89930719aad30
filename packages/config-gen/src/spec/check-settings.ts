import { since } from "../slurm/version.ts";
import { checkOverrides } from "./check-overrides.ts";
import { overrideOf, overrideText } from "./overrides.ts";
import { expandWorkers, workerNames } from "./plan-partitions.ts";
import type { PlannedNode, PlannedPartition } from "./planned.ts";
import { numbered, type Problems } from "./problems.ts";
import type { ClusterSpec } from "./schema.ts";

/** Files of /etc/slurm that slurmlab makes, and so not to be given by name. */
const GENERATED = [
  "slurm.conf",
  "slurmdbd.conf",
  "cgroup.conf",
  "gres.conf",
  "topology.conf",
  "topology.yaml",
];
/** Keys made fresh for each cluster: never given. */
const KEYS = ["slurm.key", "jwt_hs256.key"];

interface Planned {
  readonly slurm: string;
  readonly nodes: readonly PlannedNode[];
  readonly partitions: readonly PlannedPartition[];
}

/** What a release does not know, what does not go together, and what is not there yet. */
export function checkSettings(spec: ClusterSpec, planned: Planned, problems: Problems): void {
  const { slurm } = planned;
  const needs = (release: string, path: string, what: string) => {
    if (!since(slurm, release)) problems.add(path, `${what} needs Slurm ${release} or newer, seen ${slurm}`);
  };
  if (spec.auth === "slurm") needs("23.11", "auth", "auth/slurm");
  if (spec.cgroup === "v2") needs("22.05", "cgroup", "cgroup v2");
  for (const [node, path] of numbered(spec.nodes, "nodes")) {
    if (node.gpus === undefined) continue;
    const gpus = Array.isArray(node.gpus) ? node.gpus : [node.gpus];
    if (gpus.some((gpu) => gpu.shards !== undefined)) needs("22.05", `${path}.gpus`, "gres/shard");
  }
  const server = planned.nodes.find(({ roles }) => roles.includes("nfs"));
  if (server && spec.storage === "volume")
    problems.add("storage", `${server.name} is an NFS server, and nobody mounts it`, "storage: nfs, or auto");
  if (spec.storage === "volume" && Object.keys(spec.nfs).length > 0)
    problems.add("nfs", "there is no NFS server with storage: volume", "storage: nfs, or auto");
  if (server && server.roles.length > 1)
    problems.add(
      "nodes",
      `the NFS server is a node of its own, and ${server.name} is ${server.roles.join(", ")}`,
    );
  if (spec.gres && spec.files["gres.conf"] !== undefined)
    problems.add("gres", "gres.conf is said twice, in gres and in files");
  checkOverrides(spec, slurm, problems);
  checkConfigless(spec, problems);
  checkAccountingStorage(spec, problems);
  checkPowerSave(spec, planned, problems);
  checkFiles(spec, problems);
}

function checkConfigless(spec: ClusterSpec, problems: Problems): void {
  const said = overrideOf(spec, "slurm.conf", "SlurmctldParameters");
  if (!spec.configless || said === undefined || /enable_configless/i.test(String(said))) return;
  const path = "overrides.slurm.conf.SlurmctldParameters";
  problems.add(path, "configless needs enable_configless among these");
}

/** In a lab each job's end is looked for in accounting, from the first on. */
function checkAccountingStorage(spec: ClusterSpec, problems: Problems): void {
  const said = overrideText(spec, "slurm.conf", "AccountingStorageType");
  if (spec.defaults !== "lab" || said === undefined || /slurmdbd/i.test(said)) return;
  problems.add(
    "overrides.slurm.conf.AccountingStorageType",
    `a lab's jobs are in slurmdbd's accounting: expected accounting_storage/slurmdbd, seen ${said}`,
  );
}

function checkPowerSave(spec: ClusterSpec, planned: Planned, problems: Problems): void {
  if (!spec.powerSave) return;
  const programs = [
    ["suspend", "SuspendProgram"],
    ["resume", "ResumeProgram"],
  ] as const;
  for (const [script, key] of programs) {
    if (spec.scripts[script] === undefined && overrideText(spec, "slurm.conf", key) === undefined)
      problems.add("powerSave", `nothing says how to ${script} a node`, `expected scripts.${script}`);
  }
  const { excludeNodes, excludePartitions = [] } = spec.powerSave;
  const workers = workerNames(planned.nodes);
  if (excludeNodes !== undefined) {
    const what = { path: "powerSave.excludeNodes", what: "SuspendExcNodes" };
    expandWorkers(excludeNodes, what, workers, problems);
  }
  const partitions = planned.partitions.map((partition) => partition.name);
  for (const [name, path] of numbered(excludePartitions, "powerSave.excludePartitions"))
    if (!partitions.includes(name))
      problems.unknown(path, `no partition is called "${name}"`, name, partitions);
}

function checkFiles(spec: ClusterSpec, problems: Problems): void {
  const lua = [
    ...(spec.scripts.jobSubmit === undefined ? [] : ["job_submit.lua"]),
    ...(spec.scripts.cliFilter === undefined ? [] : ["cli_filter.lua"]),
  ];
  for (const name of Object.keys(spec.files)) {
    const path = `files.${name}`;
    if (KEYS.includes(name)) problems.add(path, "is made fresh for each cluster");
    if (lua.includes(name)) problems.add(path, "is said twice, in files and in scripts");
    if (spec.defaults === "lab" && GENERATED.includes(name)) {
      const instead = name === "gres.conf" ? "gres" : name.startsWith("topology") ? "topology" : "overrides";
      problems.add(path, "is generated", `write ${instead}, or defaults: slurm`);
    }
  }
}
