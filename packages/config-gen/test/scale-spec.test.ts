import { describe, expect, test } from "vitest";
import { type ClusterSpecInput, PRESETS, planCluster, scaledSpec, workerKinds } from "../src/index.ts";

const SPEC: ClusterSpecInput = {
  nodes: [
    { name: "ctl", roles: ["slurmctld"] },
    { name: "c[1-4]", roles: ["slurmd"], cpus: 2 },
    { name: "g[1-2]", roles: ["slurmd"], gpus: { type: "a100", count: 2 } },
  ],
  partitions: [
    { name: "all", nodes: "ALL" },
    { name: "cpu", nodes: "c[1-4]" },
    { name: "few", nodes: "c3,g1" },
  ],
  nodeSets: [{ name: "left", nodes: "c[1-2]" }],
  downNodes: [{ nodes: "c4" }],
  topology: {
    tree: [
      { switch: "s1", nodes: "c[1-4]" },
      { switch: "s2", nodes: "g[1-2]" },
      { switch: "top", switches: "s[1-2]" },
    ],
  },
  gres: [{ NodeName: "g[1-2]", Name: "gpu", Type: "a100", File: "/dev/nvidia[0-1]" }],
  reservations: [{ name: "lecture", nodes: "c[3-4]", users: ["ada"], start: "now+1hour", duration: 60 }],
};

const change = (add: [string[], string][], remove: string[] = [], spec = SPEC) =>
  scaledSpec(spec, { add: add.map(([names, like]) => ({ names, like })), remove });

describe("workers of a specification", () => {
  test("are of one kind when they differ in nothing but their names", () => {
    expect(workerKinds(SPEC).map(({ names }) => names)).toEqual([
      ["c1", "c2", "c3", "c4"],
      ["g1", "g2"],
    ]);
    expect(workerKinds(PRESETS.gpu).map(({ names }) => names)).toEqual([["g1"], ["g2"]]);
  });

  test("are of one kind across entries that are alike", () => {
    const nodes: ClusterSpecInput["nodes"] = [
      { name: "n[1-4]", roles: ["slurmd"], packed: 2 },
      { name: "n[5-6]", roles: ["slurmd"], packed: 2 },
      { name: "m1", roles: ["slurmd"], packed: 2 },
    ];
    expect(workerKinds({ nodes }).map(({ names, packed }) => [names.length, packed])).toEqual([
      [6, 2],
      [1, 2],
    ]);
  });
});

describe("a new worker", () => {
  const now = change([[["c5", "c6"], "c4"]]);

  test("stands beside the one that it is like, wherever that stands", () => {
    expect(now).toMatchObject({
      nodes: [{ name: "ctl" }, { name: "c[1-6]", cpus: 2 }, { name: "g[1-2]" }],
      partitions: [{ nodes: "ALL" }, { nodes: "c[1-6]" }, { nodes: "c3,g1" }],
      nodeSets: [{ nodes: "c[1-2]" }],
      topology: { tree: [{ nodes: "c[1-6]" }, { nodes: "g[1-2]" }, { switches: "s[1-2]" }] },
    });
  });

  test("is neither down nor reserved because that one is", () => {
    expect(now.downNodes).toEqual(SPEC.downNodes);
    expect(now.reservations).toEqual(SPEC.reservations);
  });

  test("gets a line of gres.conf when that one has one", () => {
    expect(change([[["g3"], "g1"]]).gres).toMatchObject([{ NodeName: "g[1-3]" }]);
  });

  test("that is packed leaves every container that is there as it is", () => {
    const spec: ClusterSpecInput = {
      nodes: [
        { name: "n[1-3]", roles: ["slurmd"], packed: 2 },
        { name: "n[11-12]", roles: ["slurmd"], packed: 2, cpus: 1 },
      ],
    };
    const packs = (input: ClusterSpecInput) => {
      const planned = planCluster(input, { defaultSlurm: "24.11" });
      if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
      return planned.plan.nodes.flatMap(({ name, pack }) =>
        pack ? [`${name} ${pack.machine}:${pack.port}`] : [],
      );
    };
    const before = packs(spec);
    expect(packs(change([[["n4", "n5", "n6"], "n1"]], [], spec))).toEqual([
      ...before,
      "n4 n-pack4:7001",
      "n5 n-pack4:7002",
      "n6 n-pack5:7001",
    ]);
  });
});

describe("a worker that goes", () => {
  test("is nowhere any more", () => {
    expect(change([], ["c3"])).toMatchObject({
      nodes: [{ name: "ctl" }, { name: "c[1-2,4]" }, { name: "g[1-2]" }],
      partitions: [{ nodes: "ALL" }, { nodes: "c[1-2,4]" }, { nodes: "g1" }],
      topology: { tree: [{ nodes: "c[1-2,4]" }, { nodes: "g[1-2]" }, { switches: "s[1-2]" }] },
      reservations: [{ nodes: "c4" }],
    });
  });

  test("leaves no entry of down nodes behind that is about nothing", () => {
    expect(change([], ["c4"]).downNodes).toEqual([]);
  });

  test.for([
    ["a partition", ["c3", "g1"], "the partition few"],
    ["a node set", ["c1", "c2"], "the node set left"],
    ["a reservation", ["c3", "c4"], "the reservation lecture"],
  ] as const)("must not be the last of %s", ([, names, what]) => {
    expect(() => change([], [...names])).toThrow(`${what} would have no node left`);
  });

  test("and one that comes leave a specification that is right", () => {
    const planned = planCluster(change([[["c7"], "c1"]], ["c2", "g2"]), { defaultSlurm: "24.11" });
    expect(planned).toMatchObject({ ok: true });
  });
});
