import type { ClusterSpecInput } from "./spec/schema.ts";

/** What the presets are for, one line each. */
export const PRESET_TITLES = {
  minimal: "One worker: the smallest cluster that runs a job",
  gpu: "Two GPU workers: four A100 on one, A100 and T4 on the other",
  ha: "Two controllers, the second one the backup of the first, and two workers",
  accounting: "Accounts with shares and limits, users, QOS that preempt, and a reservation",
  rest: "slurmrestd with JWT, beside two workers",
  large: "64 workers of three kinds below a tree of switches, in four partitions",
} as const;

export type PresetName = keyof typeof PRESET_TITLES;

/** Clusters to start from, each valid on every release of the catalog. */
export const PRESETS: Readonly<Record<PresetName, ClusterSpecInput>> = {
  minimal: { nodes: [{ name: "c1", roles: ["slurmd"] }] },

  gpu: {
    nodes: [
      { name: "g1", roles: ["slurmd"], cpus: 8, memory: "4G", gpus: { type: "a100", count: 4 } },
      {
        name: "g2",
        roles: ["slurmd"],
        cpus: 8,
        memory: "4G",
        gpus: [
          { type: "a100", count: 2 },
          { type: "t4", count: 2 },
        ],
      },
    ],
  },

  ha: {
    nodes: [
      { name: "ctl[1-2]", roles: ["slurmctld"] },
      { name: "c[1-2]", roles: ["slurmd"] },
    ],
  },

  accounting: {
    nodes: [{ name: "c[1-4]", roles: ["slurmd"] }],
    accounts: [
      { name: "science", fairshare: 60 },
      {
        name: "physics",
        parent: "science",
        fairshare: 40,
        limits: { GrpTRES: "cpu=8" },
        users: ["ada", "grace"],
      },
      { name: "biology", parent: "science", fairshare: 20, users: ["barbara"] },
      { name: "teaching", fairshare: 40, limits: { MaxJobs: 2 }, users: ["barbara", "edsger"] },
    ],
    users: [
      { name: "grace", defaultAccount: "physics", admin: "operator", qos: ["normal", "urgent"] },
      { name: "barbara", defaultAccount: "biology" },
      { name: "edsger", qos: ["scavenge"], limits: { MaxSubmitJobs: 10 } },
    ],
    qos: [
      { name: "scavenge", priority: 0 },
      { name: "urgent", priority: 1000, preempt: ["scavenge"], limits: { MaxTRESPerUser: "cpu=4" } },
    ],
    priority: {
      weights: { age: 1000, fairshare: 10_000, qos: 5000 },
      decayHalfLife: "01:00:00",
    },
    reservations: [
      { name: "lecture", nodes: "c4", accounts: ["teaching"], start: "now+1hour", duration: 120 },
    ],
  },

  rest: {
    nodes: [
      { name: "rest", roles: ["slurmrestd"] },
      { name: "c[1-2]", roles: ["slurmd"] },
    ],
  },

  large: {
    nodes: [
      { name: "r[1-2]n[01-24]", roles: ["slurmd"], sockets: 2, cores: 8, memory: "64G", features: ["ib"] },
      {
        name: "big[1-8]",
        roles: ["slurmd"],
        sockets: 4,
        cores: 8,
        memory: "512G",
        features: ["ib", "himem"],
        slurm: { Weight: 20 },
      },
      {
        name: "g[1-8]",
        roles: ["slurmd"],
        sockets: 2,
        cores: 8,
        threads: 2,
        memory: "128G",
        gpus: { type: "a100", count: 4 },
        slurm: { Weight: 50 },
      },
    ],
    nodeSets: [{ name: "fabric", feature: "ib" }],
    partitions: [
      { name: "batch", nodes: "r[1-2]n[01-24]", default: true, slurm: { DefaultTime: "01:00:00" } },
      { name: "wide", nodes: "fabric", slurm: { MinNodes: 2, PriorityTier: 2 } },
      { name: "himem", nodes: "big[1-8]" },
      { name: "gpu", nodes: "g[1-8]", slurm: { MaxTime: "1-00:00:00" } },
    ],
    topology: {
      tree: [
        { switch: "leaf1", nodes: "r1n[01-24]" },
        { switch: "leaf2", nodes: "r2n[01-24]" },
        { switch: "leaf3", nodes: "big[1-8],g[1-8]" },
        { switch: "spine", switches: "leaf[1-3]" },
      ],
    },
  },
};
