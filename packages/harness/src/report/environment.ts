import { arch, cpus, release, totalmem, type } from "node:os";

/** What the run ran on, as far as it may matter to its result. Names of machines and people are left out. */
export function environment(version: string): Record<string, string> {
  const model = cpus()[0]?.model.trim();
  return {
    slurmlab: version,
    Node: process.version,
    system: `${type()} ${release()} ${arch()}`,
    CPUs: `${cpus().length}${model ? ` × ${model}` : ""}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    ...(process.env.CI ? { CI: process.env.GITHUB_ACTIONS ? "GitHub Actions" : "yes" } : {}),
    ...(process.env.SLURMLAB_TIME_SCALE ? { SLURMLAB_TIME_SCALE: process.env.SLURMLAB_TIME_SCALE } : {}),
  };
}
