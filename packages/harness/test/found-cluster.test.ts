import { describe, expect, test } from "vitest";
import { clusterCalled, nodeAsked, nodesOf } from "../src/cli/cluster/found.ts";
import type { FoundCluster } from "../src/cluster/sweep.ts";
import { LABEL } from "../src/engine/labels.ts";
import type { LabError } from "../src/errors/lab-error.ts";

const container = (id: string, node: string, labels: Record<string, string> = {}) => ({
  kind: "container" as const,
  id,
  name: `slurmlab-x-${node}`,
  labels: { [LABEL.node]: node, ...labels },
});

const cluster = (...parts: FoundCluster["parts"]): FoundCluster => ({
  id: "hello-k3f9x2",
  name: "",
  scenario: "hello",
  slurm: "24.11",
  created: "",
  state: "kept",
  parts,
});

const whole = cluster(
  container("1", "login", { [LABEL.roles]: "login" }),
  container("2", "ctl", { [LABEL.roles]: "slurmctld" }),
  container("3", "c1", { [LABEL.roles]: "slurmd" }),
  { kind: "network", id: "n", name: "slurmlab-x", labels: {} },
);

const refused = (of: FoundCluster, name?: string) => refusalOf(() => nodeAsked(of, name));

function refusalOf(ask: () => unknown): LabError {
  try {
    ask();
  } catch (error) {
    return error as LabError;
  }
  throw new Error("it was not refused");
}

describe("the cluster that a person asks for", () => {
  const dev = { ...cluster(), id: "dev-aaaaaa", name: "dev" };
  const other = { ...cluster(), id: "dev-bbbbbb", name: "dev" };
  const called = { ...cluster(), id: "x-cccccc", name: "dev-aaaaaa" };

  test("is the one of that name, or of that id", () => {
    expect(clusterCalled("dev", [whole, dev])).toBe(dev);
    expect(clusterCalled("hello-k3f9x2", [whole, dev])).toBe(whole);
  });

  test("is the one of that id before one of that name", () =>
    expect(clusterCalled("dev-aaaaaa", [called, dev])).toBe(dev));

  test("is none that has no name, for somebody who gives none", () =>
    expect(refusalOf(() => clusterCalled("", [whole])).facts.kind).toBe("bad-input"));

  test("is bad input when several have the name, with their ids", () =>
    expect(refusalOf(() => clusterCalled("dev", [dev, other])).facts).toEqual({
      kind: "bad-input",
      message: '2 clusters are called "dev"',
      expected: "one of their ids: dev-aaaaaa, dev-bbbbbb",
    }));

  test("is bad input when none is called so, with the nearest name", () =>
    expect(refusalOf(() => clusterCalled("dv", [whole, dev])).facts).toEqual({
      kind: "bad-input",
      message: 'no cluster "dv"',
      expected: "hello-k3f9x2, dev-aaaaaa",
      hint: 'did you mean "dev"?',
    }));
});

describe("the node that a person asks for", () => {
  test("is the one of that name", () => expect(nodeAsked(whole, "c1").container).toBe("3"));

  test("is the login node when none is named", () => expect(nodeAsked(whole, undefined).name).toBe("login"));

  test("is slurmctld's where there is no login node", () =>
    expect(nodeAsked(cluster(...whole.parts.slice(1)), undefined).name).toBe("ctl"));

  test("is bad input when there is none of that name, with the nearest one", () =>
    expect(refused(whole, "c2").facts).toEqual({
      kind: "bad-input",
      message: 'no node "c2" in hello-k3f9x2',
      expected: "c1, ctl, login",
      hint: 'did you mean "c1"?',
    }));

  test("is bad input when none is named and nobody logs in anywhere", () =>
    expect(refused(cluster(container("3", "c1", { [LABEL.roles]: "slurmd" }))).facts).toEqual({
      kind: "bad-input",
      message: "hello-k3f9x2 has no login node",
      expected: "c1",
    }));
});

test("of a node that was upgraded twice, programs run in the newest container", () => {
  const [node] = nodesOf(
    cluster(
      container("a", "c1", { [LABEL.roles]: "slurmd" }),
      container("c", "c1", { [LABEL.upgrade]: "26.05" }),
      container("b", "c1", { [LABEL.upgrade]: "24.11" }),
    ),
  );
  expect(node).toEqual({ name: "c1", roles: ["slurmd"], container: "c", packed: [] });
});

test("a node that shares its machine is found by its own name", () => {
  const shared = cluster(container("a", "n-pack1", { [LABEL.roles]: "slurmd", [LABEL.packed]: "n[1-40]" }));
  expect(nodeAsked(shared, "n17")).toMatchObject({ name: "n17", container: "a" });
  expect(() => nodeAsked(shared, "n41")).toThrow(/no node "n41"/);
});
