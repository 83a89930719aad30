import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSite } from "@slurmlab/config-gen";
import { execa } from "execa";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { clusterNames } from "../src/cluster/names.ts";
import { DockerEngine } from "../src/engine/docker.ts";
import { parseShownConfig, parseShownNodes, understood } from "./support/shown-config.ts";

// Sites of all four releases, as different as the corpus has them, each shrunk to four nodes and started.
const SITES = [
  "puppet-tree",
  "openhpc",
  "federation-east",
  "university",
  "cray-big",
  "mig-shard-mps",
  "v2-latest",
  "htc-auth-slurm",
];

const CORPUS = join(import.meta.dirname, "../../config-gen/test/sites");
const MAIN = join(import.meta.dirname, "../src/cli/main.ts");

let engine: DockerEngine;
beforeAll(async () => {
  engine = await DockerEngine.connect({ socketPath: inject("socket") });
});

describe.each(SITES)("%s, shrunk to four nodes", (name) => {
  test("comes up, runs a job on each node, and Slurm reads its files as we do", async () => {
    const folder = mkdtempSync(join(tmpdir(), "slurmlab-site-"));
    const { slurm } = JSON.parse(readFileSync(join(CORPUS, name, "SITE.json"), "utf8")) as { slurm: string };
    const spec = join(folder, `${name}.yaml`);
    await slurmlab(
      ["config", "import", join(CORPUS, name), "--slurm", slurm, "--shrink", "4", "--out", spec],
      folder,
    );
    // Ready means that a probe job has COMPLETED on every node, and no invariant is broken.
    const up = await slurmlab(["cluster", "up", spec, "--json"], folder);
    const { cluster, verdict, failure } = JSON.parse(up.stdout) as Report;
    try {
      expect({ verdict, failure }).toEqual({ verdict: "passed", failure: undefined });
      const look = async (...argv: string[]) => {
        const { stdout, stderr, code } = await engine.exec(clusterNames(cluster.id).container("login"), argv);
        if (code !== 0) throw new Error(`${argv.join(" ")}: ${stderr}`);
        return stdout;
      };
      const content = await look("cat", "/etc/slurm/slurm.conf");
      const { site } = readSite(new Map([["slurm.conf", { name: "slurm.conf", content }]]), slurm);
      const shown = parseShownConfig(await look("scontrol", "show", "config"));
      const lines = site?.confs.get("slurm.conf")?.lines.filter((line) => !line.record) ?? [];
      const others = lines.filter(({ key, value }) => !understood(key, value, shown));
      expect(others.map(({ key, value }) => `${key}=${value}: ${shown.get(key.toLowerCase())}`)).toEqual([]);
      const nodes = parseShownNodes(await look("scontrol", "-o", "show", "node"));
      expect([...nodes.keys()].sort()).toEqual((site?.nodes ?? []).flatMap((line) => line.names).sort());
      for (const line of site?.nodes ?? []) {
        for (const node of line.names) {
          expect(nodes.get(node)?.get("RealMemory")).toBe(line.settings.get("realmemory")?.value);
          expect(nodes.get(node)?.get("CPUTot")).toBe(line.settings.get("cpus")?.value);
        }
      }
    } finally {
      await slurmlab(["cluster", "down", cluster.id], folder);
    }
  });
});

interface Report {
  readonly verdict: string;
  readonly failure?: unknown;
  readonly cluster: { readonly id: string };
}

function slurmlab(args: readonly string[], cwd: string) {
  return execa(process.execPath, [MAIN, ...args], {
    cwd,
    reject: false,
    env: { DOCKER_HOST: `unix://${inject("socket")}` },
  });
}
