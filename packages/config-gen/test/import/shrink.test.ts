import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expandHostlist, formatProblem, importSite, readSite, workersOf } from "../../src/index.ts";
import { membersOf, nodeNames } from "../../src/lint/names.ts";
import { parseNodeGres } from "../../src/read/gres.ts";
import { CORPUS, filesOf } from "../read/corpus.ts";
import { spoiltSite } from "../read/mutate.ts";
import { shrunk } from "./shrunk.ts";

const CASES = CORPUS.flatMap((site) => [1, 2, 4, 8].map((nodes) => ({ ...site, nodes })));

describe.each(CASES)("$name on $nodes nodes", ({ files, slurm, nodes }) => {
  const { site, spec, told, result } = shrunk(files, slurm, nodes);
  const workers = result.ok ? workersOf(result.plan) : [];

  test("plans without a problem", () => {
    expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual([]);
  });

  test("has at least one and at most so many workers", () => {
    expect(workers.length).toBeGreaterThan(0);
    expect(workers.length).toBeLessThanOrEqual(nodes);
  });

  test("has every partition with a node that is kept, and says which it has not", () => {
    const kept = new Set(workers.map(({ name }) => name));
    const known = nodeNames(site);
    for (const { name, settings } of site.partitions) {
      const could = membersOf(site, settings.get("nodes"), known).nodes.some((node) => kept.has(node));
      const has = spec.partitions?.some((part) => part.name === name) ?? false;
      expect([name, has]).toEqual([name, could]);
      if (!has) expect(told.join("\n")).toContain(`left out partition ${name}:`);
    }
  });

  test("has the GPUs and the features of its nodes", () => {
    for (const node of workers) {
      const line = site.nodes.find(({ names }) => names.includes(node.name));
      const gpus = parseNodeGres(line?.settings.get("gres")?.value ?? "").filter(
        ({ name }) => name === "gpu",
      );
      expect(node.gpus.map(({ type, count }) => `${type}:${count}`)).toEqual(
        gpus.map(({ type, count }) => `${type ?? "gpu"}:${count}`),
      );
      const features = line?.settings.get("features") ?? line?.settings.get("feature");
      expect(node.features).toEqual(features?.value.split(",") ?? []);
    }
  });

  test("says everything that it has left out", () => {
    const all = told.join("\n");
    const said = new Set(Object.keys(spec.overrides?.["slurm.conf"] ?? {}).map((key) => key.toLowerCase()));
    const lines = site.confs.get("slurm.conf")?.lines.filter(({ record }) => !record) ?? [];
    const lost = lines.filter(
      ({ key }) => !said.has(key.toLowerCase()) && !new RegExp(`\\b${key}\\b`).test(all),
    );
    expect(lost.map(({ key }) => key)).toEqual([]);
  });

  test("topology names no node that is not there", () => {
    const here = new Set(workers.map(({ name }) => name));
    const named = (spec.topology?.tree ?? spec.topology?.block?.blocks ?? []).flatMap(({ nodes: list }) =>
      expandHostlist(list ?? "none").filter((name) => name !== "none"),
    );
    expect(named.filter((name) => !here.has(name))).toEqual([]);
  });
});

describe("no secret is copied", () => {
  const SECRET = "Hunter2";
  const files = {
    "slurm.conf": [
      "ClusterName=c",
      `AccountingStoragePass=${SECRET}`,
      `JobCompPass="${SECRET} x"`,
      `StoragePa\\ss=${SECRET}`,
      `SlurmctldHost=h`,
      `NodeName=n1 Password=${SECRET}`,
      `PartitionName=p Nodes=n1 Token=${SECRET}`,
      "JobSubmitPlugins=lua",
    ].join("\n"),
    "slurmdbd.conf": `StoragePass=${SECRET}\nDbdHost=d\nStoragePass=a\\\n${SECRET}\n`,
    "acct_gather.conf": `ProfileInfluxDBHost=h\nProfileInfluxDBPass=a\\\n${SECRET}\n#ProfileInfluxDBPass=${SECRET}\n`,
    "job_submit.lua": `local password = "${SECRET}"\nlocal token = '${SECRET}'\nreturn slurm.SUCCESS\n`,
    "slurm.key": SECRET,
    "jwt_hs256.key": SECRET,
    "jwks.jwks": SECRET,
  };

  test.each(["auto", "carry", "stub"] as const)("into a shrunk cluster with its hooks: %s", (hooks) => {
    const { spec, told } = shrunk(filesOf(files), "24.11", 1, hooks);
    expect(JSON.stringify(spec) + told.join("\n")).not.toContain(SECRET);
  });

  test("into an exact specification", () => {
    const { site } = readSite(filesOf(files), "24.11");
    const imported = site && importSite(site);
    expect(imported?.spec.files).toMatchObject({ "acct_gather.conf": expect.stringContaining("Host=h") });
    expect(JSON.stringify(imported)).not.toContain(SECRET);
  });

  test("and what a file of keys is called is told", () => {
    expect(shrunk(filesOf(files), "24.11", 1).told).toContain(
      "left out slurm.key: a secret is never copied; a cluster gets keys of its own",
    );
  });
});

test("whatever has happened to a site's files, shrinking does not throw, and keeps to the number", () => {
  fc.assert(
    fc.property(spoiltSite, fc.integer({ min: 1, max: 9 }), ({ files, slurm }, nodes) => {
      if (!readSite(files, slurm).site) return;
      const { result } = shrunk(files, slurm, nodes, "carry");
      if (result.ok) expect(workersOf(result.plan).length).toBeLessThanOrEqual(nodes);
    }),
    { numRuns: 1000 },
  );
}, 120_000);
