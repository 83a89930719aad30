import { existsSync, readFileSync } from "node:fs";
import { type ClusterPlan, machinesOf } from "@slurmlab/config-gen";
import type { EngineFacts } from "../engine/engine.ts";
import { freeDiskMb } from "../engine/free-disk.ts";
import { LabError } from "../errors/lab-error.ts";

/**
 * What a cluster that has just become ready takes, in MB, rounded up from what `pnpm bench scale` and `docker stats` have shown: the
 * database and the controlling daemons, each container, each slurmd that shares one. Jobs come on top.
 */
const MB = { daemons: 300, machine: 20, packed: 5 } as const;

/**
 * What it takes of the engine's disk, in MB, rounded up from what `df` has shown: the database and logs, each slurmd's spool and log.
 * Below `least` the engine can start no program any more.
 */
const DISK_MB = { least: 50, daemons: 50, node: 1 } as const;

/** Pure: memory that a cluster wants to become ready, in MB. */
export function memoryWanted(plan: Pick<ClusterPlan, "nodes">): number {
  return MB.daemons + memoryOfNodes(plan);
}

/** Its nodes' share of it. */
function memoryOfNodes(plan: Pick<ClusterPlan, "nodes">): number {
  const machines = machinesOf(plan);
  const packed = machines.reduce((sum, machine) => sum + machine.packed.length, 0);
  return MB.machine * machines.length + MB.packed * packed;
}

/** Bad input, with both figures, when the machine has not got the memory that a cluster wants: before anything is started. */
export function checkMemory(
  plan: Pick<ClusterPlan, "nodes">,
  engine: Pick<EngineFacts, "memoryMb" | "dataFolder">,
  free = freeMemoryMb(engine),
): void {
  check({ nodes: `${plan.nodes.length} nodes`, who: "the cluster", wanted: memoryWanted(plan), free });
}

/** The same of the disk, where the engine is on this machine: it would fill up in the middle, and name everything but that. */
export function checkDisk(
  plan: Pick<ClusterPlan, "nodes">,
  { dataFolder }: Pick<EngineFacts, "dataFolder">,
  free = freeDiskMb(dataFolder),
): void {
  const wanted = DISK_MB.least + DISK_MB.daemons + DISK_MB.node * plan.nodes.length;
  if (free === undefined || wanted <= free) return;
  throw new LabError({
    kind: "bad-input",
    message: `there is too little room on the engine's disk for ${plan.nodes.length} nodes`,
    expected: `${wanted} MB for the cluster to become ready, and more for jobs and logs`,
    seen: `${Math.round(free)} MB`,
    where: dataFolder,
    hint: "`pnpm images prune` removes images that no release needs any more, `pnpm cluster list` shows other clusters",
  });
}

/** The same for nodes that come into a cluster that runs. */
export function checkMemoryForMore(
  plan: Pick<ClusterPlan, "nodes">,
  engine: Pick<EngineFacts, "memoryMb" | "dataFolder">,
  free = freeMemoryMb(engine),
): void {
  check({ nodes: `${plan.nodes.length} more nodes`, who: "them", wanted: memoryOfNodes(plan), free });
}

function check(asked: {
  readonly nodes: string;
  readonly who: string;
  readonly wanted: number;
  readonly free: number;
}): void {
  const { nodes, who, wanted, free } = asked;
  if (wanted <= free) return;
  throw new LabError({
    kind: "bad-input",
    message: `${nodes} are more than the engine's machine has memory for`,
    expected: `${wanted} MB for ${who} to become ready, and more for jobs`,
    seen: `${Math.round(free)} MB`,
    hint: "fewer nodes, or workers that share a container (`packed: 250`); `pnpm cluster list` shows other clusters, and `pnpm cluster down` removes them",
  });
}

/** What is free, where the engine is on this machine; elsewhere all that it has. */
function freeMemoryMb({ memoryMb, dataFolder }: Pick<EngineFacts, "memoryMb" | "dataFolder">): number {
  return (existsSync(dataFolder) ? availableMemoryMb() : undefined) ?? memoryMb;
}

/** MemAvailable of this machine, in MB; undefined where there is no /proc. */
export function availableMemoryMb(): number | undefined {
  if (!existsSync("/proc/meminfo")) return undefined;
  const [, kib] = /^MemAvailable:\s*(\d+) kB/m.exec(readFileSync("/proc/meminfo", "utf8")) ?? [];
  return kib === undefined ? undefined : (Number(kib) * 1024) / 1e6;
}
