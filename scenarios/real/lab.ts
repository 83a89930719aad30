import { globSync, mkdtempSync, readFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { execa } from "execa";
import { expect, inject } from "vitest";

const LAST_LINES = 15;
const MAIN = join(import.meta.dirname, "../../packages/harness/src/cli/main.ts");

/** A command of slurmlab as a process of its own, in a folder of its own, on the tests' engine. */
export function slurmlab(args: readonly string[], folder = newFolder()) {
  return execa(process.execPath, [MAIN, ...args], {
    cwd: folder,
    reject: false,
    env: { DOCKER_HOST: `unix://${inject("socket")}` },
  });
}

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), "slurmlab-test-"));
}

/** What `--json` prints, as far as the tests look. */
export interface Report {
  readonly verdict: string;
  readonly because?: string;
  readonly cluster: { readonly id: string };
  readonly steps: ReadonlyArray<{
    readonly sentence: string;
    readonly outcome: string;
    readonly because?: string;
  }>;
  readonly failure?: {
    readonly message: string;
    readonly expected?: string;
    readonly seen?: string;
    readonly where?: string;
  };
  readonly evidence?: string;
  readonly repeat: string;
}

export async function runScenario(
  name: string,
  ...flags: string[]
): Promise<{ report: Report; exitCode: number | undefined; folder: string }> {
  const folder = newFolder();
  const done = await slurmlab(["scenario", name, "--json", ...flags], folder);
  try {
    return { report: JSON.parse(done.stdout) as Report, exitCode: done.exitCode, folder };
  } catch {
    throw new Error(`no report from ${name} (exit ${done.exitCode}):\n${done.stdout}\n${done.stderr}`);
  }
}

/** Names of everything in the engine that carries this cluster's label, asked of the engine and not of our own code. */
export async function leftOf(cluster: string): Promise<string[]> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`slurmlab.cluster=${cluster}`] }));
  const containers = await ask<Array<{ Names: string[] }>>(`/containers/json?all=true&filters=${filters}`);
  const networks = await ask<Array<{ Name: string }>>(`/networks?filters=${filters}`);
  const volumes = await ask<{ Volumes: Array<{ Name: string }> | null }>(`/volumes?filters=${filters}`);
  return [
    ...containers.map((container) => container.Names[0] ?? ""),
    ...networks.map((network) => network.Name),
    ...(volumes.Volumes ?? []).map((volume) => volume.Name),
  ];
}

function ask<T>(path: string): Promise<T> {
  return new Promise((resolve, reject) => {
    get({ socketPath: inject("socket"), path }, (response) => {
      text(response).then((body) => resolve(JSON.parse(body) as T), reject);
    }).on("error", reject);
  });
}

/** It passed, with the exit code of that, and nothing of its cluster is left. */
export async function expectPassed({
  report,
  exitCode,
  folder,
}: Awaited<ReturnType<typeof runScenario>>): Promise<void> {
  expect(report.failure, lastWords(folder, report.evidence)).toBeUndefined();
  expect({ verdict: report.verdict, exitCode, left: await leftOf(report.cluster.id) }).toEqual({
    verdict: "passed",
    exitCode: 0,
    left: [],
  });
}

/** The end of every daemon's log: what is left of a run whose machine nobody can ask any more. */
function lastWords(folder: string, evidence: string | undefined): string {
  if (!evidence) return "no evidence";
  const root = join(folder, evidence);
  const logs = globSync("*/log/slurm*.log", { cwd: root }).sort();
  return logs
    .map(
      (log) => `${log}\n${readFileSync(join(root, log), "utf8").split("\n").slice(-LAST_LINES).join("\n")}`,
    )
    .join("\n");
}
