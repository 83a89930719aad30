import {
  type ClusterPlan,
  type ClusterSpecInput,
  type Ground,
  PRESETS,
  type PresetName,
  type Secrets,
  workersOf,
} from "../../src/index.ts";
import { planOf } from "./plan.ts";

/** What the golden files and the bundle's tests are rendered from: a specification and a machine. */
export interface Example {
  readonly spec: ClusterSpecInput;
  readonly ground: Ground;
}

/** A machine with this cgroup version that has every GPU the plan asks for, minors from 0 on each node. */
export function groundFor(plan: ClusterPlan, cgroup: Ground["cgroup"]): Ground {
  const gpus = workersOf(plan).flatMap((node) => {
    let next = 0;
    const share = node.gpus.map(({ type, count }) => {
      const minors = Array.from({ length: count }, (_, i) => next + i);
      next += count;
      return { type, minors };
    });
    return share.length > 0 ? [[node.name, share] as const] : [];
  });
  return { cgroup, gpus: Object.fromEntries(gpus) };
}

/** A specification on a machine that has all it asks for. */
export function example(spec: ClusterSpecInput, cgroup: Ground["cgroup"], slurm = "24.11"): Example {
  return { spec, ground: groundFor(planOf(spec, slurm), cgroup) };
}

/** The presets between them show every cgroup version; 20.11 knows v1 alone. */
export function presetExample(name: PresetName, release: string): Example {
  const cgroup = name === "minimal" ? "none" : name === "ha" && release !== "20.11" ? "v2" : "v1";
  return example(PRESETS[name], cgroup, release);
}

/** Two plain nodes on a machine without writable cgroups. */
export const hello: Example = {
  spec: { nodes: [{ name: "c[1-2]", roles: ["slurmd"] }] },
  ground: { cgroup: "none", gpus: {} },
};

/** GPUs of two types, two partitions, a login of its own name and an override, on cgroup v1. */
export const gpu: Example = {
  spec: {
    name: "gpulab",
    nodes: [
      { name: "front", roles: ["login"], cpus: 2 },
      {
        name: "g[1-2]",
        roles: ["slurmd"],
        cpus: 8,
        memory: "4G",
        gpus: { type: "a100", count: 4, mode: "mock" },
      },
      {
        name: "g3",
        roles: ["slurmd"],
        memory: "2G",
        gpus: [
          { type: "a100", count: 2, mode: "mock" },
          { type: "t4", count: 1, mode: "mock" },
        ],
      },
    ],
    partitions: [
      { name: "batch", nodes: "g[1-3]" },
      { name: "debug", nodes: "g3", default: true },
    ],
    overrides: { "slurm.conf": { ReturnToService: 2, KillWait: 5 } },
  },
  ground: {
    cgroup: "v1",
    gpus: {
      g1: [{ type: "a100", minors: [0, 1, 2, 3] }],
      g2: [{ type: "a100", minors: [0, 1, 2, 3] }],
      g3: [
        { type: "a100", minors: [0, 1] },
        { type: "t4", minors: [2] },
      ],
    },
  },
};

/** Everything that each release can do and no preset shows. */
export const everything: ClusterSpecInput = {
  name: "All.of_it",
  configless: true,
  cgroup: "none",
  database: "mysql",
  nodes: [
    {
      name: "Rack-[1-2].n[01-02]",
      roles: ["slurmd"],
      sockets: 2,
      cores: 2,
      threads: 2,
      features: ["ib", "avx512"],
      gres: { craynetwork: 4, bandwidth: "lustre:no_consume:4G" },
      slurm: { Weight: 10 },
    },
    {
      name: "m[1-2]",
      roles: ["slurmd"],
      cpus: 8,
      gpus: [
        { type: "a100_1g.10gb", count: 2, mps: 200, cores: "0-3" },
        { type: "T4", count: 2 },
      ],
    },
    { name: "cloud[1-2]", roles: ["slurmd"], state: "cloud" },
    { name: "later", roles: ["slurmd"], state: "future" },
  ],
  nodeSets: [
    { name: "fast", feature: "ib" },
    { name: "cards", nodes: "m[1-2]" },
  ],
  partitions: [
    { name: "all", nodes: "ALL", slurm: { MaxTime: "1-00:00:00", DefaultTime: 60 } },
    { name: "mixed", nodes: "fast,m1,cards", default: true, slurm: { OverSubscribe: "YES:4" } },
  ],
  downNodes: [{ nodes: "Rack-2.n02", state: "DRAIN", reason: "in the workshop since May" }],
  licenses: { matlab: 10, ansys: 4 },
  topology: { flat: true },
  priority: { type: "basic" },
  qos: [{ name: "high", priority: 10, preempt: ["normal"] }],
  scripts: {
    prolog: "exit 0",
    epilog: "#!/bin/bash\nexit 0\n",
    taskProlog: "echo export COLOUR=blue",
    healthCheck: "exit 0",
    jobSubmit:
      "function slurm_job_submit(job, parts, uid) return slurm.SUCCESS end\nfunction slurm_job_modify(job, rec, parts, uid) return slurm.SUCCESS end\nreturn slurm.SUCCESS",
    resume: "exit 0",
    suspend: "exit 0",
    reboot: "exit 0",
  },
  powerSave: {
    suspendTime: 30,
    suspendTimeout: 5,
    resumeTimeout: 15,
    excludeNodes: "m[1-2]",
    excludePartitions: ["all"],
  },
  files: { "cli_filter.lua": "-- Not asked for.\n" },
  overrides: { "slurm.conf": { SlurmctldDebug: "debug", MailDomain: "lab # not a comment", KillWait: null } },
};

/** GPUs that slurmd is not told of by gres.conf: of two types, shared, on nodes with and without, and configless for fake. */
export function detected(gpuDetection: "nvml" | "nvidia" | "fake"): ClusterSpecInput {
  const cores = gpuDetection === "fake" ? { cores: "0-3" } : {};
  return {
    gpuDetection,
    configless: gpuDetection === "fake",
    nodes: [
      { name: "c1", roles: ["slurmd"] },
      {
        name: "g[1-2]",
        roles: ["slurmd"],
        cpus: 8,
        gpus: [
          { type: "a100", count: 2, mps: 200, ...cores },
          { type: "t4", count: 1 },
        ],
      },
      { name: "g3", roles: ["slurmd"], gpus: { type: "h100", count: 1, typed: false } },
    ],
  };
}

/** What only newer releases can do. */
export const modern: ClusterSpecInput = {
  auth: "slurm",
  nodes: [
    { name: "c[1-4]", roles: ["slurmd"] },
    { name: "g[1-2]", roles: ["slurmd"], gpus: { type: "a100", count: 2, shards: 8 } },
  ],
  topology: {
    block: {
      sizes: [2, 4],
      blocks: [
        { name: "b1", nodes: "c[1-2]" },
        { name: "b2", nodes: "c[3-4]" },
        { name: "b3", nodes: "g[1-2]" },
      ],
    },
  },
};

/** What only the newest release can do: a topology in YAML. */
export const newest: ClusterSpecInput = {
  nodes: [{ name: "c[1-4]", roles: ["slurmd"] }],
  topology: {
    yaml: true,
    tree: [
      { switch: "s1", nodes: "c[1-2]" },
      { switch: "s2", nodes: "c[3-4]" },
      { switch: "top", switches: "s[1-2]" },
    ],
  },
};

/** A site's files as an importer gives them: nothing but what stood in them. */
export const site: ClusterSpecInput = {
  name: "lab",
  defaults: "slurm",
  nodes: [
    { name: "head", roles: ["slurmctld", "login"] },
    { name: "n[1-2],n7", roles: ["slurmd"], cpus: 16, sockets: 2, cores: 4, threads: 2, memory: 64_000 },
    { name: "gpu01", roles: ["slurmd"], gpus: { type: "tesla", count: 2 }, state: "UNKNOWN" },
  ],
  partitions: [
    { name: "prod", nodes: "ALL", default: true, slurm: { MaxTime: "INFINITE", State: "UP" } },
    { name: "empty" },
  ],
  downNodes: [{ nodes: "n7", reason: "dead fan" }],
  gres: [{ AutoDetect: "off" }, { Name: "gpu", Type: "tesla", File: "/dev/nvidia[0-1]", NodeName: "gpu01" }],
  overrides: {
    "slurm.conf": {
      ClusterName: "site",
      SlurmctldHost: "head",
      SlurmUser: "slurm",
      StateSaveLocation: "/var/spool/slurmctld",
      GresTypes: "gpu",
      SelectType: "select/cons_tres",
      SelectTypeParameters: "CR_Core",
      AccountingStorageType: "accounting_storage/slurmdbd",
      AccountingStorageHost: "dbd",
      SlurmdParameters: "config_overrides",
      MailDomain: '"a \\# b"',
    },
    "slurmdbd.conf": {
      DbdHost: "dbd",
      SlurmUser: "slurm",
      StorageType: "accounting_storage/mysql",
      StorageHost: "db",
      StorageUser: "acct",
      StoragePass: "it's",
    },
  },
};

/** Obviously fake, and long enough to be told from anything else in a file. */
export const FAKE_SECRETS: Secrets = {
  mungeKey: new TextEncoder().encode("fake munge key, fake munge key, fake munge key"),
  jwtKey: new TextEncoder().encode("fake jwt key, fake jwt key, fake jwt key"),
  slurmKey: new TextEncoder().encode("fake slurm key, fake slurm key, fake slurm key"),
  databasePassword: "FakePasswordOfATest",
};
