import { expect, test } from "vitest";
import { nodeWith, renderBundle, workersOf } from "../src/index.ts";
import { groupRuns } from "../src/render/nodes.ts";
import { planOf } from "./support/plan.ts";
import { FAKE_SECRETS, hello } from "./support/specs.ts";

const plan = planOf({
  nodes: [
    { name: "a[1-2]", roles: ["slurmd"] },
    { name: "b1", roles: ["slurmd"], cpus: 8 },
    { name: "a3", roles: ["slurmd"] },
  ],
});

test("the workers are the nodes with slurmd, in the order written", () => {
  expect(workersOf(plan).map(({ name }) => name)).toEqual(["a1", "a2", "b1", "a3"]);
});

test("the node with a role is found", () => {
  expect(nodeWith(plan, "slurmctld").name).toBe("ctl");
});

test("a plan without the role asked for is a mistake of the caller", () => {
  expect(() => nodeWith({ ...plan, nodes: [] }, "slurmdbd")).toThrow("no node with the role slurmdbd");
});

test("neighbours with one key are grouped, and the order survives", () => {
  expect(groupRuns(["a", "a", "b", "a"], (item) => item).map(({ items }) => items)).toEqual([
    ["a", "a"],
    ["b"],
    ["a"],
  ]);
});

test("workers that differ have lines of their own, in the order written", () => {
  const conf = renderBundle(plan, hello.ground, FAKE_SECRETS)[0]?.content;
  expect(String(conf).match(/^NodeName=\S+/gm)).toEqual(["NodeName=a[1-2]", "NodeName=b1", "NodeName=a3"]);
});
