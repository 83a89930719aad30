import { planCluster } from "@slurmlab/config-gen";
import { expect, test } from "vitest";
import { checkDisk, checkMemory, checkMemoryForMore, memoryWanted } from "../src/cluster/room.ts";

const planOf = (nodes: number, packed?: number) => {
  const planned = planCluster(
    { nodes: [{ name: `n[1-${nodes}]`, roles: ["slurmd"], ...(packed ? { packed } : {}) }] },
    { defaultSlurm: "24.11" },
  );
  if (!planned.ok) throw new Error("the test's own cluster is wrong");
  return planned.plan;
};
const engine = { memoryMb: 4000, dataFolder: "/nonexistent" };

test("a cluster that fits is let through, by what is free or, of an engine elsewhere, by what it has", () => {
  expect(() => checkMemory(planOf(2), engine, 1000)).not.toThrow();
  expect(() => checkMemory(planOf(2), engine)).not.toThrow();
});

test("one that does not fit is bad input, with what it wants and what there is", () => {
  expect(() => checkMemory(planOf(1000, 250), engine)).toThrow(
    expect.objectContaining({
      facts: expect.objectContaining({
        kind: "bad-input",
        expected: "5460 MB for the cluster to become ready, and more for jobs",
        seen: "4000 MB",
      }),
    }),
  );
});

test("a disk that is too small is bad input, with both figures; that of an engine elsewhere is not known", () => {
  expect(() => checkDisk(planOf(2), engine, 200)).not.toThrow();
  expect(() => checkDisk(planOf(2), engine)).not.toThrow();
  expect(() => checkDisk(planOf(2), engine, 105)).toThrow(
    expect.objectContaining({
      facts: expect.objectContaining({
        kind: "bad-input",
        message: "there is too little room on the engine's disk for 6 nodes",
        expected: "106 MB for the cluster to become ready, and more for jobs and logs",
        seen: "105 MB",
      }),
    }),
  );
});

test("nodes that share machines want less than machines of their own", () => {
  expect(memoryWanted(planOf(100, 50))).toBeLessThan(memoryWanted(planOf(100)));
});

test("of nodes that come later only their own share is asked for", () => {
  const more = { nodes: planOf(10).nodes.filter(({ roles }) => roles.includes("slurmd")) };
  expect(() => checkMemoryForMore(more, engine, 200)).not.toThrow();
  expect(() => checkMemoryForMore(more, engine, 199)).toThrow("10 more nodes");
});
