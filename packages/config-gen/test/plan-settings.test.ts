import { describe, expect, test } from "vitest";
import { planCluster } from "../src/index.ts";
import { planOf } from "./support/plan.ts";

const c = { name: "c[1-2]", roles: ["slurmd" as const] };

function found(rest: object, slurm = "24.11") {
  const result = planCluster({ nodes: [c], ...rest }, { defaultSlurm: slurm });
  const problems = result.ok ? [] : result.problems;
  return problems.map(({ path, message, hint }) => [path, message, ...(hint ? [hint] : [])]);
}

describe("a release that is too old", () => {
  const shards = [{ ...c, gpus: { type: "a100", count: 1, shards: 4 } }];
  test.each([
    [{ auth: "slurm" }, "22.05", "auth", "auth/slurm needs Slurm 23.11 or newer, seen 22.05"],
    [{ cgroup: "v2" }, "20.11", "cgroup", "cgroup v2 needs Slurm 22.05 or newer, seen 20.11"],
    [{ nodes: shards }, "20.11", "nodes[0].gpus", "gres/shard needs Slurm 22.05 or newer, seen 20.11"],
  ])("for %j is a problem", (rest, slurm, path, message) => {
    expect(found(rest, slurm)).toEqual([[path, message]]);
  });

  test("is named beside everything else that is wrong", () => {
    expect(found({ auth: "slurm", user: "root", cgroup: "v2" }, "20.11")).toHaveLength(3);
  });
});

describe("/home by NFS", () => {
  const server = { name: "files", roles: ["nfs" as const] };

  test.each(["nfs", "auto"] as const)(
    "has a server in the plan with storage: %s, which a volume has not",
    (storage) => {
      const serversOf = (plan: ReturnType<typeof planOf>) =>
        plan.nodes.filter(({ roles }) => roles.includes("nfs")).map(({ name }) => name);
      expect(serversOf(planOf({ nodes: [c], storage }))).toEqual(["nfs"]);
      expect(serversOf(planOf({ nodes: [c, server], storage }))).toEqual(["files"]);
      expect(serversOf(planOf({ nodes: [c] }))).toEqual([]);
    },
  );

  test("has a server that is a node of its own, and somebody who mounts it", () => {
    expect(found({ nodes: [c, server] })).toEqual([
      ["storage", "files is an NFS server, and nobody mounts it", "storage: nfs, or auto"],
    ]);
    expect(found({ nodes: [c, { name: "files", roles: ["nfs", "login"] }], storage: "nfs" })).toEqual([
      ["nodes", "the NFS server is a node of its own, and files is nfs, login"],
    ]);
  });
});

describe("what an NFS server does more", () => {
  const wish = { nodes: [c], nfs: { state: true } };

  test("needs a server", () => {
    expect(found(wish)).toEqual([
      ["nfs", "there is no NFS server with storage: volume", "storage: nfs, or auto"],
    ]);
    expect(found({ ...wish, storage: "auto" })).toEqual([]);
  });
});

test("configless needs its word among the parameters that are said instead of slurmlab's", () => {
  const said = (SlurmctldParameters: string) => ({
    configless: true,
    overrides: { "slurm.conf": { SlurmctldParameters } },
  });
  expect(found(said("cloud_dns")).map(([path]) => path)).toEqual([
    "overrides.slurm.conf.SlurmctldParameters",
  ]);
  expect(found(said("cloud_dns,enable_configless"))).toEqual([]);
});

test("a lab's jobs are in slurmdbd's accounting, and nowhere else", () => {
  const said = (AccountingStorageType: string) => ({
    overrides: { "slurm.conf": { AccountingStorageType } },
  });
  expect(found(said("accounting_storage/none"))).toEqual([
    [
      "overrides.slurm.conf.AccountingStorageType",
      "a lab's jobs are in slurmdbd's accounting: expected accounting_storage/slurmdbd, seen accounting_storage/none",
    ],
  ]);
  expect(found(said("accounting_storage/slurmdbd"))).toEqual([]);
  expect(found({ ...said("accounting_storage/none"), defaults: "slurm" })).toEqual([]);
});

describe("a key among the overrides that the release does not know", () => {
  const said = (keys: object, file = "slurm.conf") => ({ overrides: { [file]: keys } });
  const path = "overrides.slurm.conf";

  test("is a problem, with the nearest one that it knows", () => {
    expect(found(said({ Nonsense: 3, schedulertime: 1, ScheduelrType: "sched/builtin" }))).toEqual([
      [`${path}.Nonsense`, "Slurm 24.11 knows no Nonsense in slurm.conf"],
      [
        `${path}.schedulertime`,
        "Slurm 24.11 knows no schedulertime in slurm.conf",
        'did you mean "SchedulerType"?',
      ],
      [
        `${path}.ScheduelrType`,
        "Slurm 24.11 knows no ScheduelrType in slurm.conf",
        'did you mean "SchedulerType"?',
      ],
    ]);
  });

  test("is one of another release, which is named", () => {
    expect(found(said({ CacheGroups: 1 }))).toEqual([
      [`${path}.CacheGroups`, "Slurm 24.11 knows no CacheGroups in slurm.conf", "Slurm 20.11 does"],
    ]);
    expect(found(said({ IgnoreSystemd: "yes" }, "cgroup.conf"), "22.05")).toEqual([]);
    expect(found(said({ IgnoreSystemd: "yes" }, "cgroup.conf"), "20.11")).toHaveLength(1);
  });

  test("may be left out, and stays as it is where a site is copied", () => {
    expect(found(said({ Nonsense: null }))).toEqual([]);
    expect(found({ ...said({ Nonsense: 3 }), defaults: "slurm" })).toEqual([]);
  });
});

describe("power saving", () => {
  const scripts = { suspend: "exit 0", resume: "exit 0" };
  const powerSave = { suspendTime: 30 };

  test("needs to know how to power nodes down and up", () => {
    expect(found({ powerSave })).toEqual([
      ["powerSave", "nothing says how to suspend a node", "expected scripts.suspend"],
      ["powerSave", "nothing says how to resume a node", "expected scripts.resume"],
    ]);
    expect(found({ powerSave, scripts })).toEqual([]);
  });

  test("may have programs that are there already", () => {
    const overrides = { "slurm.conf": { SuspendProgram: "/bin/true", ResumeProgram: "/bin/true" } };
    expect(found({ powerSave, overrides })).toEqual([]);
  });

  test("excludes nodes and partitions that there are", () => {
    const rest = { scripts, powerSave: { ...powerSave, excludeNodes: "c3", excludePartitions: ["mian"] } };
    expect(found(rest)).toEqual([
      [
        "powerSave.excludeNodes",
        "SuspendExcNodes names c3, which is no node with the role slurmd",
        "workers: c[1-2]",
      ],
      ["powerSave.excludePartitions[0]", 'no partition is called "mian"', 'did you mean "main"?'],
    ]);
  });
});

describe("a file", () => {
  test.each([
    [{ files: { "slurm.conf": "" } }, "files.slurm.conf", "is generated"],
    [{ files: { "gres.conf": "" } }, "files.gres.conf", "is generated"],
    [{ files: { "slurm.key": "" } }, "files.slurm.key", "is made fresh for each cluster"],
    [
      { files: { "job_submit.lua": "" }, scripts: { jobSubmit: "x" } },
      "files.job_submit.lua",
      "is said twice, in files and in scripts",
    ],
  ])("of %j is a problem", (rest, path, message) => {
    expect(found(rest).map((problem) => problem.slice(0, 2))).toEqual([[path, message]]);
  });

  test.each(["../x", "a/b", ".hidden", ""])("cannot be called %j", (name) => {
    expect(found({ files: { [name]: "" } })).toHaveLength(1);
  });

  test("that is generated elsewhere is taken as it is where nothing is to be added", () => {
    expect(found({ defaults: "slurm", files: { "cgroup.conf": "CgroupPlugin=autodetect\n" } })).toEqual([]);
  });
});

describe("node sets", () => {
  test("are names for use in partitions, and ALL is every worker", () => {
    const nodes = [
      { ...c, features: ["ib"] },
      { name: "d1", roles: ["slurmd" as const] },
    ];
    const nodeSets = [
      { name: "fast", feature: "ib" },
      { name: "some", nodes: "d1,c1" },
    ];
    const partitions = [
      { name: "a", nodes: "fast,d1" },
      { name: "b", nodes: "some" },
      { name: "c", nodes: "ALL" },
    ];
    expect(planOf({ nodes, nodeSets, partitions }).partitions.map((partition) => partition.nodes)).toEqual([
      ["c1", "c2", "d1"],
      ["d1", "c1"],
      ["c1", "c2", "d1"],
    ]);
  });

  test.each([
    [{ name: "s" }, ["nodeSets[0]", "is empty", "expected nodes or feature"]],
    [{ name: "c1", nodes: "c2" }, ["nodeSets[0].name", '"c1" is the name of a node already']],
    [{ name: "s", feature: "ib" }, ["nodeSets[0].feature", 'no worker has the feature "ib"']],
    [
      { name: "s", nodes: "c9" },
      ["nodeSets[0].nodes", "node set s names c9, which is no node with the role slurmd", "workers: c[1-2]"],
    ],
  ])("of %j are a problem", (set, problem) => {
    expect(found({ nodeSets: [set] })).toEqual([problem]);
  });

  test("that no one made are a problem that names those there are", () => {
    const nodeSets = [{ name: "fast", nodes: "c1" }];
    expect(found({ nodeSets, partitions: [{ name: "a", nodes: "fsat" }] })).toEqual([
      [
        "partitions[0].nodes",
        "partition a names fsat, which is no node with the role slurmd",
        "workers: c[1-2]; node sets: fast",
      ],
    ]);
  });
});

test("nodes that are to be down must be there", () => {
  expect(found({ downNodes: [{ nodes: "c3" }] }).map(([path]) => path)).toEqual(["downNodes[0].nodes"]);
});

test("a partition needs nodes", () => {
  expect(found({ partitions: [{ name: "a" }] })).toEqual([
    ["partitions[0].nodes", "is missing", "expected a hostlist, ALL or a node set"],
  ]);
});

describe("where nothing is to be added", () => {
  const site = { defaults: "slurm" as const, nodes: [c] };

  test("there is no partition and no default one that was not said", () => {
    expect(planOf(site).partitions).toEqual([]);
    expect(planOf({ ...site, partitions: [{ name: "a", nodes: "c1" }] }).partitions[0]?.default).toBe(false);
  });

  test("the controller and the login are added all the same, as no cluster works without", () => {
    expect(planOf(site).nodes.map(({ name }) => name)).toEqual(["ctl", "login", "c1", "c2"]);
  });

  test.each([
    { overrides: { "slurm.conf": { accountingstoragetype: "accounting_storage/slurmdbd" } } },
    { overrides: { "slurmdbd.conf": { DbdHost: "x" } } },
    { accounts: [{ name: "a" }] },
    { qos: [{ name: "a" }] },
  ])("slurmdbd and its database are added when %j speaks of them", (rest) => {
    expect(planOf({ ...site, ...rest }).nodes.map(({ name }) => name)).toEqual([
      "ctl",
      "dbd",
      "db",
      "login",
      "c1",
      "c2",
    ]);
  });
});

describe("a value of a key", () => {
  const value = (text: unknown) => found({ overrides: { "slurm.conf": { MailDomain: text } } });

  test.each([
    "",
    "a",
    "a b",
    '"a b"',
    '"a","b"',
    '"a',
    'a"b',
    "a#b",
    "C:\\",
    'fe1 FrontendAddr=x Reason="a b"',
    ["a", "b"],
    5,
    null,
  ])("may be %j", (text) => {
    expect(value(text)).toEqual([]);
  });

  test.each(["a\nb", "a\rb", "a\0b", 'a "b', [], [null], true])("may not be %j", (text) => {
    expect(value(text)).toHaveLength(1);
  });
});
