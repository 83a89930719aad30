import { expect, test } from "vitest";
import { planCluster } from "../src/index.ts";

const WORKERS = { name: "c[1-2]", roles: ["slurmd"] };

function problems(spec: object): string[] {
  const result = planCluster({ nodes: [WORKERS], ...spec }, { defaultSlurm: "24.11" });
  return result.ok ? [] : result.problems.map((problem) => problem.message);
}

test("two partitions of one name are a problem", () => {
  const partitions = [
    { name: "a", nodes: "c1" },
    { name: "a", nodes: "c2" },
  ];
  expect(problems({ partitions })).toEqual(['two partitions are called "a"']);
});

test("two default partitions are a problem", () => {
  const partitions = [
    { name: "a", nodes: "c1", default: true },
    { name: "b", nodes: "c2", default: true },
  ];
  expect(problems({ partitions })).toEqual(["one partition can be the default, seen a, b"]);
});

test("a list of no partitions is a problem, since no job could run", () => {
  expect(problems({ partitions: [] })).toHaveLength(1);
});

test("a partition cannot be called as Slurm calls its template", () => {
  expect(problems({ partitions: [{ name: "Default", nodes: "c1" }] })[0]).toContain("Slurm's template");
});

test("an override cannot bring in a second line", () => {
  expect(problems({ overrides: { "slurm.conf": { SlurmdTimeout: "15\nSlurmUser=root" } } })[0]).toContain(
    "on one line",
  );
});

test("a node that has the name of an added one is told of it", () => {
  const result = planCluster({ nodes: [{ name: "ctl", roles: ["slurmd"] }] }, { defaultSlurm: "24.11" });
  expect(result.ok ? undefined : result.problems[0]?.hint).toBe(
    "one of them is added, because no node has the role slurmctld",
  );
});
