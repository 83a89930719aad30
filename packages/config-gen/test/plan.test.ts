import { expect, test } from "vitest";
import { controllersOf, isPresent, planCluster, unixUsers } from "../src/index.ts";
import { planOf } from "./support/plan.ts";

const c1 = { name: "c1", roles: ["slurmd" as const] };

test("a cluster of one worker gets the controller, the accounting, the database and the login", () => {
  const names = planOf({ nodes: [c1] }).nodes.map(({ name, roles }) => [name, ...roles]);
  expect(names).toEqual([
    ["ctl", "slurmctld"],
    ["dbd", "slurmdbd"],
    ["db", "database"],
    ["login", "login"],
    ["c1", "slurmd"],
  ]);
});

test("a role that someone has is not added again", () => {
  const head = { name: "head", roles: ["slurmctld" as const, "login" as const] };
  expect(planOf({ nodes: [head, c1] }).nodes.map(({ name }) => name)).toEqual(["dbd", "db", "head", "c1"]);
});

test("one node may have every role", () => {
  const all = { name: "all", roles: ["slurmctld", "slurmdbd", "database", "login", "slurmd"] as const };
  expect(planOf({ nodes: [{ ...all, roles: [...all.roles] }] }).nodes.map(({ name }) => name)).toEqual([
    "all",
  ]);
});

test("what nobody wrote has a default", () => {
  const { nodes: _, ...rest } = planOf({ nodes: [c1] });
  expect(rest).toEqual({
    name: "lab",
    slurm: "24.11",
    defaults: "lab",
    auth: "munge",
    configless: false,
    cgroup: "auto",
    gpuDetection: "file",
    database: "mariadb",
    storage: "volume",
    nfs: {},
    written: { slurm: "24.11", nodes: [c1] },
    user: "ada",
    partitions: [{ name: "main", nodes: ["c1"], default: true, written: "c1", slurm: {} }],
    nodeSets: [],
    downNodes: [],
    licenses: {},
    accounts: [],
    users: [],
    qos: [],
    reservations: [],
    scripts: {},
    files: {},
    overrides: {},
  });
});

test("a worker has 4 CPUs, 1 GiB and no GPUs unless it says otherwise", () => {
  expect(planOf({ nodes: [c1] }).nodes.at(-1)).toEqual({
    ...c1,
    cpus: 4,
    sockets: 1,
    cores: 4,
    threads: 1,
    memoryMb: 1024,
    features: [],
    gpus: [],
    gres: {},
    state: undefined,
    slurm: {},
    written: "c1",
  });
});

test("nodes that were added are small: 1 CPU, 1 GiB", () => {
  expect(planOf({ nodes: [c1] }).nodes[0]).toMatchObject({ name: "ctl", cpus: 1, memoryMb: 1024, gpus: [] });
});

test("a hostlist becomes one node a name, alike in all else", () => {
  const { nodes } = planOf({ nodes: [{ ...c1, name: "c[08-10],d1", cpus: 2, memory: "512M" }] });
  const [first, ...others] = nodes.slice(4);
  expect(first).toMatchObject({ ...c1, name: "c08", cpus: 2, memoryMb: 512 });
  expect(others).toEqual(["c09", "c10", "d1"].map((name) => ({ ...first, name })));
});

test.each([
  ["2G", 2048],
  ["512", 512],
  [300, 300],
])("a memory of %j is %i MiB", (memory, memoryMb) => {
  expect(planOf({ nodes: [{ ...c1, memory }] }).nodes.at(-1)).toMatchObject({ memoryMb });
});

test("GPUs of one type need no list, and are mock or real as the machine allows", () => {
  const { nodes } = planOf({ nodes: [{ ...c1, gpus: { type: "a100", count: 4 } }] });
  expect(nodes.at(-1)?.gpus).toEqual([{ type: "a100", count: 4, mode: "auto" }]);
});

test("GPUs of two types are a list", () => {
  const gpus = [
    { type: "a100", count: 2, mode: "mock" as const },
    { type: "t4", count: 1, mode: "mock" as const },
  ];
  expect(planOf({ nodes: [{ ...c1, gpus }] }).nodes.at(-1)?.gpus).toEqual(gpus);
});

test("the release of the specification wins over the default one", () => {
  const result = planCluster({ slurm: "22.05", nodes: [c1] }, { defaultSlurm: "26.05" });
  expect(result.ok && result.plan.slurm).toBe("22.05");
});

test("a specification without a release gets the default one", () => {
  const result = planCluster({ nodes: [c1] }, { defaultSlurm: "26.05" });
  expect(result.ok && result.plan.slurm).toBe("26.05");
});

test("the partition that no one wrote has the workers and no one else", () => {
  const nodes = [
    { name: "c[1-2]", roles: ["slurmd" as const] },
    { name: "front", roles: ["login" as const] },
  ];
  expect(planOf({ nodes }).partitions).toMatchObject([{ name: "main", nodes: ["c1", "c2"], default: true }]);
});

test("the first partition is the default one when none says so", () => {
  const partitions = ["a", "b"].map((name) => ({ name, nodes: "c1" }));
  expect(planOf({ nodes: [c1], partitions }).partitions.map((p) => p.default)).toEqual([true, false]);
});

test("a partition that says it is the default one stays the only one", () => {
  const partitions = [
    { name: "a", nodes: "c1" },
    { name: "b", nodes: "c1", default: true },
  ];
  expect(planOf({ nodes: [c1], partitions }).partitions.map((p) => p.default)).toEqual([false, true]);
});

test("a partition's hostlist is expanded in the order written", () => {
  const nodes = [{ name: "c[1-3]", roles: ["slurmd" as const] }];
  expect(planOf({ nodes, partitions: [{ name: "a", nodes: "c[3,1-2]" }] }).partitions[0]?.nodes).toEqual([
    "c3",
    "c1",
    "c2",
  ]);
});

test("overrides and the user are passed on as written", () => {
  const overrides = { "slurm.conf": { KillWait: 5 }, "cgroup.conf": { ConstrainCores: null } };
  expect(planOf({ nodes: [c1], user: "grace", overrides })).toMatchObject({ user: "grace", overrides });
});

test("several controllers are kept in the order written: the primary one first", () => {
  const nodes = [c1, { name: "b,a", roles: ["slurmctld" as const] }];
  const plan = planOf({ nodes });
  expect(controllersOf(plan).map(({ name }) => name)).toEqual(["b", "a"]);
});

test("names may have capitals, dots, dashes, underscores and several brackets", () => {
  const { nodes } = planOf({ nodes: [{ ...c1, name: "Rack_[1-2].n-[09-10]" }] });
  expect(nodes.slice(4).map(({ name }) => name)).toEqual([
    "Rack_1.n-09",
    "Rack_1.n-10",
    "Rack_2.n-09",
    "Rack_2.n-10",
  ]);
});

test("the users to be made are the one that jobs run as and all the others, once each", () => {
  const users = [{ name: "grace" }, { name: "ada" }];
  expect(unixUsers(planOf({ nodes: [c1], users }))).toEqual(["ada", "grace"]);
});

test("cloud and future nodes are not there from the start", () => {
  const nodes = ["cloud", "FUTURE", "down"].map((state, i) => ({ ...c1, name: `c${i}`, state }));
  expect(planOf({ nodes }).nodes.slice(4).map(isPresent)).toEqual([false, false, true]);
});
