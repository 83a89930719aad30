import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expandHostlist, machinesOf, planCluster, renderBundle } from "../src/index.ts";
import { planOf } from "./support/plan.ts";

const packed = (name: string, count: number, more: object = {}) => ({
  name,
  roles: ["slurmd" as const],
  packed: count,
  ...more,
});

const SECRETS = { mungeKey: new Uint8Array(8), jwtKey: new Uint8Array(8), databasePassword: "x" };
const slurmConf = (spec: Parameters<typeof planOf>[0]) =>
  String(
    renderBundle(planOf(spec), { cgroup: "v1", gpus: {} }, SECRETS).find(({ path }) =>
      path.endsWith("/slurm.conf"),
    )?.content,
  );

describe("packed nodes", () => {
  test("share machines in their order, each with a port of its own there", () => {
    const plan = planOf({ nodes: [packed("n[1-5]", 2)] });
    expect(
      plan.nodes.filter(({ pack }) => pack).map(({ name, pack }) => [name, pack?.machine, pack?.port]),
    ).toEqual([
      ["n1", "n-pack1", 7001],
      ["n2", "n-pack1", 7002],
      ["n3", "n-pack2", 7001],
      ["n4", "n-pack2", 7002],
      ["n5", "n-pack3", 7001],
    ]);
  });

  test("are one container a machine, beside the containers of all others", () => {
    const plan = planOf({ nodes: [packed("n[1-5]", 4), { name: "c1", roles: ["slurmd"] }] });
    expect(machinesOf(plan).map(({ name, packed: nodes }) => [name, nodes.length])).toEqual([
      ["ctl", 0],
      ["dbd", 0],
      ["db", 0],
      ["login", 0],
      ["n-pack1", 4],
      ["n-pack2", 1],
      ["c1", 0],
    ]);
  });

  test("stand in slurm.conf a line a machine, with their host and their ports", () => {
    expect(slurmConf({ nodes: [packed("n[1-5]", 4, { cpus: 1 })] }).match(/^NodeName=.*/gm)).toEqual([
      "NodeName=n[1-4] NodeHostname=n-pack1 NodeAddr=n-pack1 Port=[7001-7004] CPUs=1 Boards=1 SocketsPerBoard=1 CoresPerSocket=1 ThreadsPerCore=1 RealMemory=1024 State=UNKNOWN",
      "NodeName=n5 NodeHostname=n-pack2 NodeAddr=n-pack2 Port=7001 CPUs=1 Boards=1 SocketsPerBoard=1 CoresPerSocket=1 ThreadsPerCore=1 RealMemory=1024 State=UNKNOWN",
    ]);
  });

  test("have a spool folder and a pid file each, and a cluster without them is as before", () => {
    expect(slurmConf({ nodes: [packed("n[1-2]", 2)] })).toMatch(/^SlurmdSpoolDir=\/var\/spool\/slurmd\/%n$/m);
    const plain = slurmConf({ nodes: [{ name: "n[1-2]", roles: ["slurmd"] }] });
    expect(plain).toMatch(/^SlurmdSpoolDir=\/var\/spool\/slurmd$/m);
    expect(plain).not.toMatch(/TreeWidth|NodeHostname|conmgr/);
  });

  test("run few threads where a release lets that be said", () => {
    const parameters = (slurm: string) =>
      /^SlurmdParameters=(.*)$/m.exec(slurmConf({ slurm, nodes: [packed("n[1-2]", 2)] }))?.[1];
    expect([parameters("22.05"), parameters("24.11")]).toEqual([
      "config_overrides",
      "config_overrides,conmgr_threads=2",
    ]);
  });

  test.each([
    ["with GPUs", { gpus: { type: "a100", count: 1 } }, {}, /expected no gpus/],
    ["with another role", { roles: ["slurmd", "login"] }, {}, /role slurmd alone/],
    ["that are not there yet", { state: "cloud" }, {}, /has no container yet/],
    ["with a port of their own", { slurm: { Port: 7000 } }, {}, /Port of packed nodes/],
    ["of a configless cluster", {}, { configless: true }, /expected configless: false/],
    ["of a site as it is", {}, { defaults: "slurm" }, /in a lab alone/],
  ])("%s are refused", (_, more, spec, message) => {
    const planned = planCluster({ ...spec, nodes: [packed("n[1-2]", 2, more)] }, { defaultSlurm: "24.11" });
    const problems = planned.ok ? [] : planned.problems.filter(({ path }) => path === "nodes[0].packed");
    expect(problems.map((problem) => problem.message)).toEqual([expect.stringMatching(message)]);
  });

  test("of several entries with one prefix go on counting machines", () => {
    const plan = planOf({ nodes: [packed("n[1-3]", 2), packed("n[4-5]", 2, { cpus: 2 })] });
    expect(
      plan.nodes.flatMap(({ name, pack }) => (pack ? [`${name} ${pack.machine} ${pack.port}`] : [])),
    ).toEqual([
      "n1 n-pack1 7001",
      "n2 n-pack1 7002",
      "n3 n-pack2 7001",
      "n4 n-pack3 7001",
      "n5 n-pack3 7002",
    ]);
  });

  test("cannot be on a machine that another node is called after", () => {
    const planned = planCluster(
      { nodes: [packed("n[1-2]", 2), { name: "n-pack1", roles: ["slurmd"] }] },
      { defaultSlurm: "24.11" },
    );
    expect(planned.ok ? [] : planned.problems.map(({ message }) => message)).toEqual([
      'two nodes are called "n-pack1"',
    ]);
  });

  test("are all on some machine, once, and no machine has more than was said", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 2, max: 120 }), (nodes, count) => {
        const plan = planOf({ nodes: [packed(`n[1-${nodes}]`, count)] });
        const machines = machinesOf(plan).filter((machine) => machine.packed.length > 0);
        expect(machines.flatMap((machine) => machine.packed.map(({ name }) => name))).toEqual(
          expandHostlist(`n[1-${nodes}]`),
        );
        expect(Math.max(...machines.map((machine) => machine.packed.length))).toBeLessThanOrEqual(count);
      }),
      { numRuns: 50 },
    );
  });
});
