import { existsSync, readFileSync } from "node:fs";
import { type ClusterPlan, machinesOf } from "@slurmlab/config-gen";
import type { EngineFacts } from "../engine/engine.ts";
import { LabError } from "../errors/lab-error.ts";

/**
 * What a cluster that has just become ready takes, in MB, rounded up from what `pnpm bench scale` and `docker stats` have shown: the
 * database and the controlling daemons, each container, each slurmd that shares one. Jobs come on top.
 */
const MB = { daemons: 300, machine: 20, packed: 5 } as const;

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
