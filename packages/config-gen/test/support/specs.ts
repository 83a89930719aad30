import type { ClusterSpecInput, Ground, Secrets } from "../../src/index.ts";

/** What the golden files and the bundle's tests are rendered from: a name, a specification, a machine. */
export interface Example {
  readonly spec: ClusterSpecInput;
  readonly ground: Ground;
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

/** Obviously fake, and long enough to be told from anything else in a file. */
export const FAKE_SECRETS: Secrets = {
  mungeKey: new TextEncoder().encode("fake munge key, fake munge key, fake munge key"),
  jwtKey: new TextEncoder().encode("fake jwt key, fake jwt key, fake jwt key"),
  databasePassword: "FakePasswordOfATest",
};
