import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { inject } from "vitest";
import { clusterNames } from "../../src/cluster/names.ts";
import { DockerEngine } from "../../src/engine/docker.ts";

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");

interface Report {
  readonly verdict: string;
  readonly failure?: unknown;
  readonly cluster: { readonly id: string };
}

/** Runs a program on one of the cluster's nodes; rejects when it fails. */
export type Look = (node: string, ...argv: string[]) => Promise<string>;

/** A command of slurmlab as a process of its own, in a folder of its own, on the tests' engine. */
export function slurmlab(args: readonly string[], cwd = newFolder()) {
  const env = { DOCKER_HOST: `unix://${inject("socket")}` };
  return execa(process.execPath, [MAIN, ...args], { cwd, reject: false, env });
}

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), "slurmlab-up-"));
}

/**
 * `cluster up` with these arguments, then `use` with its id, then `cluster down`. That it came up means that a probe job has
 * COMPLETED on every node; rejects with what went wrong otherwise.
 */
export async function withCluster(
  args: readonly string[],
  use: (look: Look, id: string) => Promise<void>,
): Promise<void> {
  const up = await slurmlab(["cluster", "up", ...args, "--json"]);
  if (!up.stdout.startsWith("{")) throw new Error(`no report: ${up.stdout}\n${up.stderr}`);
  const { cluster, verdict, failure } = JSON.parse(up.stdout) as Report;
  if (verdict !== "passed") throw new Error(`${verdict}: ${JSON.stringify(failure, null, 2)}`);
  const engine = await DockerEngine.connect({ socketPath: inject("socket") });
  await using _ = {
    async [Symbol.asyncDispose]() {
      const down = await slurmlab(["cluster", "down", cluster.id]);
      if (down.exitCode !== 0) throw new Error(`cluster down: ${down.stdout}\n${down.stderr}`);
    },
  };
  await use(async (node, ...argv) => {
    const container = clusterNames(cluster.id).container(node);
    const { stdout, stderr, code } = await engine.exec(container, argv);
    if (code !== 0) throw new Error(`${argv.join(" ")} on ${node}: ${code} ${stderr} ${stdout}`);
    return stdout;
  }, cluster.id);
}
