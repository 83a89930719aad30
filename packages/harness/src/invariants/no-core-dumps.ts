import { LabError } from "../errors/lab-error.ts";
import { defineInvariant } from "./invariant.ts";

/** Where the kernel leaves a core without a path: the folder that the daemon runs in. slurmstepd has slurmd's. */
const FOLDERS = ["/run/sv/slurmd", "/var/spool/slurmd", "/var/log/slurm"];

/**
 * slurmstepds have no supervisor that would write down how they end; what a crash leaves is its core. slurmd lifts the
 * limit of its size for itself and for them.
 */
export const noCoreDumps = defineInvariant({
  name: "no-core-dumps",
  claim: "no slurmstepd has left a core",
  async check({ cluster, leaveUnchecked, signal }): Promise<void> {
    const workers = cluster.nodes.filter((node) => node.plan.roles.includes("slurmd"));
    const looks = await Promise.all(
      workers.map(async (node) => {
        const find = ["find", ...FOLDERS, "-maxdepth", "1", "-name", "core*", "-type", "f"];
        const { stdout } = await node.exec([...find, "-printf", `${node.name}: %p of %s bytes\\n`], {
          signal,
        });
        return stdout.split("\n").filter(Boolean);
      }),
    );
    const cores = looks.flat();
    if (cores.length > 0) {
      throw new LabError({
        kind: "failed",
        message: "a slurmstepd has crashed",
        expected: "no core",
        seen: cores.join("\n"),
      });
    }
    const first = workers[0];
    const { stdout } = first
      ? await first.exec(["cat", "/proc/sys/kernel/core_pattern"], { signal })
      : { stdout: "core" };
    const elsewhere = coresElsewhere(stdout.trim());
    if (elsewhere) leaveUnchecked("no slurmstepd has left a core", elsewhere);
  },
});

/** Pure: why this machine's kernel leaves no core where it is looked for; undefined when it does. */
export function coresElsewhere(pattern: string): string | undefined {
  return /^core/.test(pattern)
    ? undefined
    : `the kernel's core_pattern is ${pattern || "empty"}, which is elsewhere`;
}
