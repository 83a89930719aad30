import { describe, expect, test } from "vitest";
import {
  type ClusterSpecInput,
  type ConfigFile,
  cgroupOf,
  confServer,
  renderBundle,
  stateSaveLocation,
} from "../src/index.ts";
import { planOf } from "./support/plan.ts";
import { everything, example, FAKE_SECRETS, modern, site } from "./support/specs.ts";

function bundleOf(spec: ClusterSpecInput, slurm = "24.11"): Map<string, ConfigFile> {
  const { ground } = example(spec, "v1", slurm);
  return new Map(renderBundle(planOf(spec, slurm), ground, FAKE_SECRETS).map((file) => [file.path, file]));
}
const textOf = (files: Map<string, ConfigFile>, path: string) => String(files.get(path)?.content ?? "");

const c1 = { name: "c1", roles: ["slurmd" as const] };

describe("scripts", () => {
  const files = bundleOf(everything);

  test.each(["prolog", "resume", "healthCheck"])("%s is a program that only root may change", (name) => {
    expect(files.get(`/etc/slurm/scripts/${name}`)).toMatchObject({
      owner: "root:root",
      mode: 0o755,
      secret: false,
      roles: ["slurmctld", "slurmd", "login"],
    });
  });

  test("without a first line are run by sh, and with one are left alone", () => {
    expect(textOf(files, "/etc/slurm/scripts/prolog")).toBe("#!/bin/sh\nexit 0\n");
    expect(textOf(files, "/etc/slurm/scripts/epilog")).toBe("#!/bin/bash\nexit 0\n");
  });

  test("in Lua are where slurmctld looks, and no shell script", () => {
    const lua = files.get("/etc/slurm/job_submit.lua");
    expect(lua?.roles).toEqual(["slurmctld"]);
    expect(String(lua?.content)).toMatch(/^function slurm_job_submit/);
  });

  test("are named in slurm.conf, each once", () => {
    const conf = textOf(files, "/etc/slurm/slurm.conf");
    for (const line of [
      "Prolog=/etc/slurm/scripts/prolog",
      "JobSubmitPlugins=lua",
      "RebootProgram=/etc/slurm/scripts/reboot",
    ])
      expect(conf.split("\n").filter((other) => other === line)).toHaveLength(1);
  });

  test("for mail replace the program that does nothing", () => {
    const conf = textOf(
      bundleOf({ nodes: [c1], scripts: { mail: "cat > /dev/null" } }),
      "/etc/slurm/slurm.conf",
    );
    expect(conf.match(/^MailProg=.*$/gm)).toEqual(["MailProg=/etc/slurm/scripts/mail"]);
  });
});

describe("a configless cluster", () => {
  test("gives workers no configuration, but keys and scripts", () => {
    const files = [...bundleOf({ nodes: [c1], configless: true, scripts: { prolog: "exit 0" } }).values()];
    const onWorkers = files.filter(({ roles }) => roles === "all" || roles.includes("slurmd"));
    expect(onWorkers.map(({ path }) => path)).toEqual(["/etc/slurm/scripts/prolog", "/etc/munge/munge.key"]);
  });

  test("hands out no plugin of the packages, which slurmctld could not", () => {
    const text = textOf(bundleOf({ nodes: [c1], configless: true }), "/etc/slurm/plugstack.conf");
    expect(text).not.toContain("include");
    expect(text).not.toBe("");
  });

  test("says so to slurmctld, and to slurmd where to ask", () => {
    const spec = { nodes: [c1, { name: "a,b", roles: ["slurmctld" as const] }], configless: true };
    expect(textOf(bundleOf(spec), "/etc/slurm/slurm.conf")).toContain(
      "\nSlurmctldParameters=enable_configless\n",
    );
    expect(confServer(planOf(spec))).toBe("a,b");
    expect(confServer(planOf({ nodes: [c1] }))).toBeUndefined();
  });
});

describe("auth/slurm", () => {
  const files = bundleOf(modern);

  test("has a key that only Slurm's user may read, and munge has none", () => {
    expect(files.get("/etc/slurm/slurm.key")).toMatchObject({
      content: FAKE_SECRETS.slurmKey,
      owner: "slurm:slurm",
      mode: 0o600,
      secret: true,
      roles: ["slurmctld", "slurmdbd", "slurmd", "login"],
    });
    expect(files.has("/etc/munge/munge.key")).toBe(false);
  });

  test("is said to every daemon", () => {
    for (const path of ["/etc/slurm/slurm.conf", "/etc/slurm/slurmdbd.conf"])
      expect(textOf(files, path)).toContain("\nAuthType=auth/slurm\n");
    expect(textOf(files, "/etc/slurm/slurm.conf")).toContain("\nCredType=cred/slurm\n");
  });
});

describe("other files", () => {
  test("are next to slurm.conf, as they were given", () => {
    const files = bundleOf({ nodes: [c1], files: { "plugstack.conf": "# nothing" } });
    expect(files.get("/etc/slurm/plugstack.conf")).toMatchObject({ content: "# nothing", mode: 0o644 });
  });

  test("are never there twice", () => {
    const spec = { ...site, files: { "slurmdbd.conf": "", "gres.conf": "" }, gres: undefined };
    const { ground } = example(spec, "v1");
    const paths = renderBundle(planOf(spec), ground, FAKE_SECRETS).map(({ path }) => path);
    expect(paths).toEqual([...new Set(paths)]);
  });

  test("replace generated ones where nothing is to be added", () => {
    const given = { "cgroup.conf": "CgroupPlugin=disabled\n", "slurmdbd.conf": "DbdHost=x\n" };
    const files = bundleOf({ ...site, files: given });
    expect(textOf(files, "/etc/slurm/cgroup.conf")).toBe(given["cgroup.conf"]);
    expect(files.get("/etc/slurm/slurmdbd.conf")).toMatchObject({
      mode: 0o600,
      secret: true,
      roles: ["slurmdbd"],
    });
  });
});

describe("a site's own files", () => {
  const files = bundleOf(site);

  test("are all there is: no cgroup.conf, no keys but munge's", () => {
    expect([...files.keys()].sort()).toEqual([
      "/etc/munge/munge.key",
      "/etc/slurm/gres.conf",
      "/etc/slurm/slurm.conf",
      "/etc/slurm/slurmdbd.conf",
      "/etc/slurmlab/database.sql",
    ]);
  });

  test("decide the database, its user and the password", () => {
    const overrides = {
      "slurmdbd.conf": { StorageLoc: "ac`ct", StorageUser: "o'hara", StoragePass: '"pass \\# word"' },
    };
    const sql = textOf(bundleOf({ ...site, overrides }), "/etc/slurmlab/database.sql");
    expect(sql).toContain("CREATE DATABASE IF NOT EXISTS `ac``ct`;\n");
    expect(sql).toContain("'o''hara'@'%' IDENTIFIED BY 'pass # word';\n");
  });

  test("belong to the user that the daemons run as", () => {
    const overrides = { "slurmdbd.conf": { SlurmUser: "acct" } };
    const owner = (spec: ClusterSpecInput) => bundleOf(spec).get("/etc/slurm/slurmdbd.conf")?.owner;
    expect(owner({ ...site, overrides })).toBe("acct:acct");
    expect(owner({ ...site, overrides: { "slurmdbd.conf": { DbdHost: "x" } } })).toBe("root:root");
  });

  test("that use JWT get the key where they look for it", () => {
    const overrides = {
      "slurm.conf": { AuthAltTypes: "auth/jwt", AuthAltParameters: "jwt_key=/var/spool/k.key" },
    };
    expect(bundleOf({ ...site, overrides }).get("/var/spool/k.key")?.roles).toEqual([
      "slurmctld",
      "slurmdbd",
    ]);
  });
});

test("topology.yaml takes the place of topology.conf and of its plugin", () => {
  const topology = {
    tree: [
      { switch: "s1", nodes: "c1" },
      { switch: "top", switches: "s1" },
    ],
    yaml: true,
  };
  const files = bundleOf({ nodes: [c1], topology }, "26.05");
  expect(
    textOf(files, "/etc/slurm/topology.yaml"),
  ).toBe(`# topology.yaml for Slurm 26.05, generated by slurmlab
---
- topology: default
  cluster_default: true
  tree:
    switches:
      - switch: "s1"
        nodes: "c1"
      - switch: "top"
        children: "s1"
`);
  expect(files.has("/etc/slurm/topology.conf")).toBe(false);
  expect(textOf(files, "/etc/slurm/slurm.conf")).not.toContain("TopologyPlugin");
});

test.each([
  ["20.11", "none"],
  ["22.05", "none"],
  ["24.11", "default"],
  ["26.05", "flat"],
])("no topology is called so in Slurm %s: topology/%s", (slurm, name) => {
  const conf = textOf(bundleOf({ nodes: [c1], topology: { flat: true } }, slurm), "/etc/slurm/slurm.conf");
  expect(conf).toContain(`\nTopologyPlugin=topology/${name}\n`);
});

test("GPUs of no type are told of without one", () => {
  const gpus = { type: "a100", count: 2, typed: false };
  const files = bundleOf({ nodes: [{ ...c1, gpus }] });
  expect(textOf(files, "/etc/slurm/slurm.conf")).toContain(" Gres=gpu:2 ");
  expect(textOf(files, "/etc/slurm/gres.conf")).toContain("Name=gpu File=/dev/nvidia[0-1] ");
});

test("lines of gres.conf that are given are all of it, NodeName first", () => {
  const gres = [{ Name: "gpu", File: "/dev/nvidia0", NodeName: "c1" }, { AutoDetect: "nvml" }];
  const files = bundleOf({ nodes: [{ ...c1, gpus: { type: "a100", count: 1 } }], gres });
  expect(textOf(files, "/etc/slurm/gres.conf").split("\n").slice(1)).toEqual([
    "NodeName=c1 Name=gpu File=/dev/nvidia0",
    "AutoDetect=nvml",
    "",
  ]);
});

test("a key that a node or a partition brings along replaces the one that slurmlab would write", () => {
  const nodes = [{ ...c1, slurm: { realmemory: 5, State: null, Reason: "bad fan" } }];
  const partitions = [{ name: "p", nodes: "c1", slurm: { maxtime: "10" } }];
  const conf = textOf(bundleOf({ nodes, partitions }), "/etc/slurm/slurm.conf");
  expect(conf).toMatch(/^NodeName=c1 .* ThreadsPerCore=1 realmemory=5 Reason="bad fan"$/m);
  expect(conf).toMatch(/^PartitionName=p Nodes=c1 Default=YES maxtime=10 State=UP$/m);
});

test("fair shares bring the plugin and a weight along", () => {
  const accounts = [{ name: "main", fairshare: 3, users: ["ada"] }];
  const conf = textOf(bundleOf({ nodes: [c1], accounts }), "/etc/slurm/slurm.conf");
  expect(conf).toContain("\nPriorityType=priority/multifactor\nPriorityWeightFairshare=10000\n");
});

test("what the specification says of cgroups goes before what the machine has", () => {
  const plan = planOf({ nodes: [c1], cgroup: "none" });
  expect(cgroupOf(plan, { cgroup: "v1" })).toBe("none");
  expect(cgroupOf(planOf({ nodes: [c1] }), { cgroup: "v1" })).toBe("v1");
});

test("state is kept where an override says", () => {
  const overrides = { "slurm.conf": { statesavelocation: "/state" } };
  expect(stateSaveLocation(planOf({ nodes: [c1], overrides }))).toBe("/state");
  expect(stateSaveLocation(planOf({ nodes: [c1] }))).toBe("/var/spool/slurmctld");
});
