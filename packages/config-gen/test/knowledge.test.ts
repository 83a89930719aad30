import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findKey, keyHistory, knowledgeOf, PLUGIN_KEYS, RELEASES } from "../src/knowledge/knowledge.ts";
import { compareVersions, parseVersion } from "../src/slurm/version.ts";

const TYPES = new Set([
  ...["string", "plain-string", "boolean", "uint16", "uint32", "uint64", "long", "float", "double"],
  ...["long-double", "list", "record", "ignored"],
]);

/** Every release with every table: [release, file, context, keys]. */
const TABLES = RELEASES.flatMap((slurm) =>
  Object.entries(knowledgeOf(slurm)?.files ?? {}).flatMap(([file, contexts]) =>
    Object.entries(contexts).map(([context, keys]) => ({ slurm, file, context, keys, contexts })),
  ),
);

function known(slurm: string) {
  const knowledge = knowledgeOf(slurm);
  if (!knowledge) throw new Error(`nothing about ${slurm}`);
  return knowledge;
}

describe("the tables", () => {
  test("are one a release, oldest first, and every file of data is among them", () => {
    const files = readdirSync(join(import.meta.dirname, "../src/knowledge/data"));
    expect(files.map((name) => name.replace(".json", "")).sort()).toEqual([...RELEASES].sort());
    const versions = RELEASES.map((slurm) => parseVersion(slurm) ?? { year: 0, month: 0 });
    expect(versions.toSorted(compareVersions)).toEqual(versions);
  });

  test("name the version that they were read from, which is of their release, and say where from", () => {
    for (const slurm of RELEASES) {
      const { version, provenance } = known(slurm);
      expect(version.startsWith(`${slurm}.`), version).toBe(true);
      expect(provenance.length, slurm).toBeGreaterThan(1);
    }
  });

  test("use only the types that there are", () => {
    const wrong = TABLES.flatMap(({ keys }) => Object.values(keys)).filter((type) => !TYPES.has(type));
    expect(wrong).toEqual([]);
  });

  test("have no key twice in another case, since Slurm does not tell cases apart", () => {
    for (const { slurm, file, context, keys } of TABLES) {
      const lower = Object.keys(keys).map((key) => key.toLowerCase());
      expect(new Set(lower).size, `${slurm} ${file} ${context}`).toBe(lower.length);
    }
  });

  test("of a .conf have a context only for a key that starts lines, and one for each of those", () => {
    for (const { slurm, file, context, keys, contexts } of TABLES) {
      if (!file.endsWith(".conf")) continue;
      if (context !== "") expect(contexts[""]?.[context], `${slurm} ${file} ${context}`).toBe("record");
      else
        for (const [key, type] of Object.entries(keys))
          if (type === "record") expect(contexts, `${slurm} ${file}`).toHaveProperty([key]);
    }
  });

  // Counted in the C tables of the sources: 22.05.8 and 24.11.5.
  test.each([
    ["22.05", "slurm.conf", "", 222],
    ["22.05", "slurm.conf", "NodeName", 24],
    ["22.05", "slurm.conf", "PartitionName", 42],
    ["22.05", "slurmdbd.conf", "", 59],
    ["22.05", "cgroup.conf", "", 22],
    ["24.11", "slurm.conf", "", 229],
    ["24.11", "slurm.conf", "NodeName", 25],
    ["24.11", "slurm.conf", "PartitionName", 45],
    ["24.11", "slurmdbd.conf", "", 64],
    ["24.11", "cgroup.conf", "", 21],
    ["24.11", "gres.conf", "Name", 12],
    ["24.11", "oci.conf", "", 20],
  ])("of %s have for %s %s the %i keys of the sources", (slurm, file, context, count) => {
    expect(Object.keys(known(slurm).files[file]?.[context] ?? {})).toHaveLength(count);
  });

  test.each([
    ["20.11", "slurm.conf", "", "CacheGroups", "uint16"],
    ["22.05", "slurm.conf", "", "SlurmctldPort", "string"],
    ["24.11", "slurm.conf", "", "NodeName", "record"],
    ["24.11", "slurm.conf", "", "Prolog", "list"],
    ["24.11", "slurm.conf", "", "PowerPlugin", "ignored"],
    ["24.11", "slurm.conf", "NodeName", "RealMemory", "uint64"],
    ["24.11", "slurm.conf", "PartitionName", "Default", "boolean"],
    ["24.11", "cgroup.conf", "", "AllowedRAMSpace", "float"],
    ["24.11", "topology.conf", "", "BlockName", "record"],
    ["26.05", "slurm.conf", "PowerAction", "Location", "string"],
    ["26.05", "cgroup.conf", "", "CgroupSlice", "string"],
    ["26.05", "topology.yaml", "torus3d", "toruses", "record"],
  ])("of %s have for %s %s the key %s of type %s", (slurm, file, context, key, type) => {
    expect(findKey(known(slurm), file, context, key)).toEqual({ name: key, type });
  });

  test.each([
    ["20.11", "slurm.conf", "MemLimitEnforce"],
    ["22.05", "slurm.conf", "FrontendName"],
    ["24.11", "cgroup.conf", "CgroupReleaseAgentDir"],
    ["24.11", "slurm.conf", "SallocDefaultCommand"],
    ["26.05", "slurm.conf", "AccountingStoreJobComment"],
  ])(
    "of %s leave out of %s the key %s, which the parser takes and the daemon dies of",
    (slurm, file, key) => {
      expect(findKey(known(slurm), file, "", key)).toBeUndefined();
    },
  );
});

describe("a key", () => {
  test("is found in any case, as Slurm spells it", () => {
    expect(findKey(known("24.11"), "slurm.conf", "nodename", "realmemory")?.name).toBe("RealMemory");
  });

  test("is not found in another context, another file, or a file that there is not", () => {
    const found = [
      findKey(known("24.11"), "slurm.conf", "", "RealMemory"),
      findKey(known("24.11"), "slurmdbd.conf", "NodeName", "RealMemory"),
      findKey(known("24.11"), "wrong.conf", "", "RealMemory"),
    ];
    expect(found).toEqual([undefined, undefined, undefined]);
  });

  test.each([
    ["slurm.conf", "", "CacheGroups", ["20.11"]],
    ["slurm.conf", "", "AccountingStoreFlags", ["22.05", "24.11", "26.05"]],
    ["slurm.conf", "PartitionName", "Topology", ["26.05"]],
    ["cgroup.conf", "", "ConstrainKmemSpace", ["20.11", "22.05"]],
    ["slurm.conf", "", "Zebra", []],
  ])("of %s %s, %s, is known in %j", (file, context, key, releases) => {
    expect(keyHistory(file, context, key)).toEqual({ in: releases });
  });
});

describe("plugins", () => {
  test("that are not packaged are among those that there are", () => {
    for (const slurm of RELEASES) {
      const { plugins, unpackaged } = known(slurm);
      for (const [type, names] of Object.entries(unpackaged))
        expect(plugins[type], `${slurm} ${type}`).toEqual(expect.arrayContaining([...names]));
    }
  });

  test("are named by keys that some release accepts", () => {
    const files = ["slurm.conf", "slurmdbd.conf", "cgroup.conf"];
    const dead = Object.keys(PLUGIN_KEYS).filter((key) =>
      files.every((file) => keyHistory(file, "", key).in.length === 0),
    );
    expect(dead).toEqual([]);
  });

  test("are of a type that their key has plugins of in every release where the key does something", () => {
    // These keys are taken without effect where their plugins are gone, and say nothing.
    const quiet = new Set(["LaunchType", "RoutePlugin"]);
    for (const slurm of RELEASES)
      for (const [key, { type }] of Object.entries(PLUGIN_KEYS)) {
        const found = findKey(known(slurm), "slurm.conf", "", key);
        if (found && found.type !== "ignored" && !quiet.has(key))
          expect(known(slurm).plugins[type], `${slurm} ${key}`).toBeDefined();
      }
  });

  test.each([
    ["22.05", "select", "cons_res", true],
    ["24.11", "select", "cons_res", false],
    ["24.11", "select", "cons_tres", true],
    ["20.11", "mpi", "pmix", true],
    ["26.05", "topology", "torus3d", true],
    ["26.05", "node_features", "knl_generic", false],
    ["24.11", "task", "none", true],
  ])("of %s: that there is %s/%s is %s", (slurm, type, name, there) => {
    expect(known(slurm).plugins[type]?.includes(name)).toBe(there);
  });
});
