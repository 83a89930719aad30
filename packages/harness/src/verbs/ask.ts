import { type Cluster, nodeOf } from "../cluster/cluster.ts";
import { LabError } from "../errors/lab-error.ts";
import { withoutLastNewline } from "./text.ts";

/**
 * Runs one of Slurm's own commands on the login node, where an administrator would; resolves to what it printed. That
 * Slurm refuses is Slurm's doing, so the claim has failed.
 */
export async function askSlurm(
  cluster: Cluster,
  argv: readonly string[],
  options: { readonly signal: AbortSignal; readonly user?: string },
): Promise<string> {
  const { code, stdout, stderr } = await nodeOf(cluster, "login").exec(argv, options);
  if (code === 0) return withoutLastNewline(stdout);
  throw new LabError({
    kind: "failed",
    message: `${argv[0]} ended with ${code}`,
    expected: `\`${argv.join(" ")}\` to succeed`,
    seen: (stderr.trim() || stdout.trim()).split("\n").slice(-5).join("\n"),
  });
}
