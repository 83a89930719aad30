import { type ClusterSpecInput, planCluster } from "@slurmlab/config-gen";
import { describe, expect, test } from "vitest";
import { probeJobs, workersUp } from "../src/cluster/workers.ts";

function planOf(spec: Partial<ClusterSpecInput>) {
  const nodes = [{ name: "c[1-4]", roles: ["slurmd" as const] }];
  const result = planCluster({ nodes, ...spec }, { defaultSlurm: "24.11" });
  if (!result.ok) throw new Error(result.problems.map((problem) => problem.message).join("\n"));
  return result.plan;
}

/** Jobs as one line each: partition, account, nodes. */
function jobs(spec: Partial<ClusterSpecInput>): string[] {
  return probeJobs(planOf(spec)).map(
    ({ partition = "default", account = "-", qos = "-", nodes }) =>
      `${partition} ${account} ${qos} ${nodes.join(",")}`,
  );
}

describe("workers that have to be up", () => {
  test("are all of them when nobody says otherwise", () => {
    expect(workersUp(planOf({}))).toEqual(["c1", "c2", "c3", "c4"]);
  });

  test("are not those that DownNodes names", () => {
    expect(workersUp(planOf({ downNodes: [{ nodes: "c[2-3]" }] }))).toEqual(["c1", "c4"]);
  });

  test.each(["cloud", "future", "down", "DRAIN", "fail"])("are not those of State=%s", (state) => {
    const nodes: ClusterSpecInput["nodes"] = [
      { name: "c1", roles: ["slurmd"] },
      { name: "c2", roles: ["slurmd"], state },
    ];
    expect(workersUp(planOf({ nodes }))).toEqual(["c1"]);
  });
});

describe("probe jobs", () => {
  test("are one when the default partition has every worker", () => {
    expect(jobs({})).toEqual(["default - - c1,c2,c3,c4"]);
  });

  test("reach what the default partition does not have through others, each node once", () => {
    const partitions = [
      { name: "a", nodes: "c[1-2]" },
      { name: "b", nodes: "c[2-4]" },
    ];
    expect(jobs({ partitions })).toEqual(["default - - c1,c2", "b - - c3,c4"]);
  });

  test("keep to MaxNodes", () => {
    const partitions = [{ name: "a", nodes: "ALL", slurm: { maxnodes: 3 } }];
    expect(jobs({ partitions })).toEqual(["default - - c1,c2,c3", "default - - c4"]);
  });

  test("are not for fewer nodes than MinNodes", () => {
    const partitions = [{ name: "a", nodes: "ALL", slurm: { MaxNodes: 3, MinNodes: 2 } }];
    expect(jobs({ partitions })).toEqual(["default - - c1,c2,c3"]);
  });

  test.each([{ RootOnly: "YES" }, { State: "DOWN" }, { ReqResv: "yes" }])(
    "leave out a partition with %j",
    (slurm) => {
      const partitions = [
        { name: "a", nodes: "c1" },
        { name: "b", nodes: "c[2-4]", slurm },
      ];
      expect(jobs({ partitions })).toEqual(["default - - c1"]);
    },
  );

  test("name an account and a QOS that the partition lets in", () => {
    const partitions = [
      { name: "a", nodes: "ALL", slurm: { AllowAccounts: "bio,physics", AllowQos: "high" } },
    ];
    const accounts = ["bio", "physics"].map((name) => ({ name, users: ["ada"] }));
    const qos = [{ name: "high" }];
    expect(jobs({ partitions, accounts, qos })).toEqual(["default bio high c1,c2,c3,c4"]);
  });

  test("name the user's own account where accounting has one, as a site's policy may ask for it", () => {
    expect(jobs({ accounts: [{ name: "bio", users: ["ada"] }] })).toEqual(["default bio - c1,c2,c3,c4"]);
  });

  test("ask for a GPU where every node has one", () => {
    const nodes: ClusterSpecInput["nodes"] = [
      { name: "c1", roles: ["slurmd"] },
      { name: "g1", roles: ["slurmd"], gpus: { type: "a100", count: 2 } },
    ];
    const partitions = [
      { name: "cpu", nodes: "c1" },
      { name: "gpu", nodes: "g1" },
    ];
    expect(probeJobs(planOf({ nodes, partitions })).map((job) => job.gpus)).toEqual([false, true]);
    expect(probeJobs(planOf({ nodes })).map((job) => job.gpus)).toEqual([false]);
  });
});

describe("probe jobs of nodes that share machines", () => {
  const nodes: ClusterSpecInput["nodes"] = [
    { name: "n[1-8]", roles: ["slurmd"], packed: 4 },
    { name: "c1", roles: ["slurmd"] },
  ];
  test("go to the first of each machine, and to every machine of its own", () =>
    expect(jobs({ nodes })).toEqual(["default - - n1,n5,c1"]));
  test("go to the first that is up", () =>
    expect(jobs({ nodes, downNodes: [{ nodes: "n[1-2]" }] })).toEqual(["default - - n3,n5,c1"]));
  test("go to more of them where the partition wants more nodes at once", () =>
    expect(jobs({ nodes, partitions: [{ name: "p", nodes: "n[1-8]", slurm: { MinNodes: 4 } }] })).toEqual([
      "default - - n1,n5,n2,n3",
    ]));
  test("leave no partition without one that has a machine to itself", () =>
    expect(
      jobs({
        nodes,
        partitions: [
          { name: "a", nodes: "n[1-4]" },
          { name: "b", nodes: "n[6-8]" },
        ],
      }),
    ).toEqual(["default - - n1", "b - - n6"]));
});
