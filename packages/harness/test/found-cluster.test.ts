import { describe, expect, test } from "vitest";
import { nodeAsked, nodesOf } from "../src/cli/cluster/found.ts";
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

function refused(of: FoundCluster, name?: string): LabError {
  try {
    nodeAsked(of, name);
  } catch (error) {
    return error as LabError;
  }
  throw new Error("it was not refused");
}

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
