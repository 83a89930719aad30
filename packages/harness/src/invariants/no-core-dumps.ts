import type { Cluster } from "../cluster/cluster.ts";
import { LabError } from "../errors/lab-error.ts";
import type { Ask } from "./first-looks.ts";
import { defineInvariant } from "./invariant.ts";

/** Where the kernel leaves a core without a path: the folder that the daemon runs in. slurmstepd has slurmd's. */
const FOLDERS = ["/run/sv", "/var/spool/slurmd", "/var/log/slurm"];

/**
 * slurmstepds have no supervisor that would write down how they end; what a crash leaves is its core. slurmd lifts the
 * limit of its size for itself and for them.
 */
export const noCoreDumps = defineInvariant({
  name: "no-core-dumps",
  claim: "no slurmstepd has left a core",
  asks: ({ cluster }) => [
    ...workersOf(cluster).map(findCores),
    ...workersOf(cluster).slice(0, 1).map(patternOf),
  ],
  async check({ cluster, leaveUnchecked }, looks): Promise<void> {
    const workers = workersOf(cluster);
    const found = await Promise.all(workers.map((name) => looks.look(findCores(name))));
    const cores = found.flatMap(({ output }, i) =>
      output
        .split("\n")
        .filter((line) => line.startsWith("/"))
        .map((line) => `${workers[i]}: ${line}`),
    );
    if (cores.length > 0) {
      const seen = cores.join("\n");
      throw new LabError({ kind: "failed", message: "a slurmstepd has crashed", expected: "no core", seen });
    }
    const [first] = workers;
    const elsewhere = first && coresElsewhere((await looks.look(patternOf(first))).output.trim());
    if (elsewhere) leaveUnchecked("no slurmstepd has left a core", elsewhere);
  },
});

function workersOf({ nodes }: Cluster): string[] {
  return nodes.filter((node) => node.plan.roles.includes("slurmd")).map((node) => node.name);
}

function findCores(node: string): Ask {
  const argv = [
    "find",
    ...FOLDERS,
    // Each daemon has a folder of its own, and so has each node that shares a machine.
    "-maxdepth",
    "2",
    "-name",
    "core*",
    "-type",
    "f",
    "-printf",
    "%p of %s bytes\\n",
  ];
  return { at: { node }, argv };
}

function patternOf(node: string): Ask {
  return { at: { node }, argv: ["cat", "/proc/sys/kernel/core_pattern"] };
}

/** Pure: why this machine's kernel leaves no core where it is looked for; undefined when it does. */
export function coresElsewhere(pattern: string): string | undefined {
  return /^core/.test(pattern)
    ? undefined
    : `the kernel's core_pattern is ${pattern || "empty"}, which is elsewhere`;
}
