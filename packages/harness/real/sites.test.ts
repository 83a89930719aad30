import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readSite } from "@slurmlab/config-gen";
import { describe, expect, test } from "vitest";
import { newFolder, slurmlab, withCluster } from "./support/cluster-up.ts";
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
/** A site with ten mistakes: what a daemon would refuse is left out, and said. */
const PLANTED = join(import.meta.dirname, "../../config-gen/test/planted/ten");

const CASES = [
  ...SITES.map((name) => {
    const { slurm } = JSON.parse(readFileSync(join(CORPUS, name, "SITE.json"), "utf8")) as { slurm: string };
    return { name, folder: join(CORPUS, name), slurm };
  }),
  { name: "the site with ten mistakes", folder: PLANTED, slurm: "22.05" },
];

describe.concurrent.each(CASES)("$name, shrunk to four nodes", ({ name, folder, slurm }) => {
  test("comes up, runs a job on each node, and Slurm reads its files as we do", async () => {
    const spec = join(newFolder(), `${name}.yaml`);
    await slurmlab(["config", "import", folder, "--slurm", slurm, "--shrink", "4", "--out", spec]);
    await withCluster([spec], async (look) => {
      const content = await look("login", "cat", "/etc/slurm/slurm.conf");
      const { site } = readSite(new Map([["slurm.conf", { name: "slurm.conf", content }]]), slurm);
      const shown = parseShownConfig(await look("login", "scontrol", "show", "config"));
      const lines = site?.confs.get("slurm.conf")?.lines.filter((line) => !line.record) ?? [];
      const others = lines.filter(({ key, value }) => !understood(key, value, shown));
      expect(others.map(({ key, value }) => `${key}=${value}: ${shown.get(key.toLowerCase())}`)).toEqual([]);
      const nodes = parseShownNodes(await look("login", "scontrol", "-o", "show", "node"));
      expect([...nodes.keys()].sort()).toEqual((site?.nodes ?? []).flatMap((line) => line.names).sort());
      for (const line of site?.nodes ?? []) {
        for (const node of line.names) {
          expect(nodes.get(node)?.get("RealMemory")).toBe(line.settings.get("realmemory")?.value);
          expect(nodes.get(node)?.get("CPUTot")).toBe(line.settings.get("cpus")?.value);
        }
      }
    });
  });
});
