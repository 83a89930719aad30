import { describe, expect, test } from "vitest";
import type { ClusterSpecInput } from "../src/index.ts";
import { planOf, problemsOf, worker } from "./support/plan.ts";

function sizesOf(node: object, rest: object = {}) {
  const { nodes } = planOf(worker(node, rest) as ClusterSpecInput);
  const { cpus, sockets, cores, threads } = nodes.at(-1) ?? {};
  return [cpus, sockets, cores, threads];
}

describe("in a lab what is missing follows from what is said", () => {
  test.each([
    [{}, [4, 1, 4, 1]],
    [{ cpus: 8 }, [8, 1, 8, 1]],
    [{ sockets: 2, cores: 4, threads: 2 }, [16, 2, 4, 2]],
    [{ sockets: 2, cores: 4 }, [8, 2, 4, 1]],
    [{ cores: 6 }, [6, 1, 6, 1]],
    [{ threads: 2 }, [2, 1, 1, 2]],
    [{ cpus: 16, threads: 2 }, [16, 1, 8, 2]],
    [{ cpus: 16, sockets: 2 }, [16, 2, 8, 1]],
    [{ cpus: 16, cores: 4 }, [16, 4, 4, 1]],
    [{ cpus: 16, cores: 4, threads: 2 }, [16, 2, 4, 2]],
    [{ cpus: 8, sockets: 2, cores: 4, threads: 2 }, [8, 2, 4, 2]],
  ])("%j has %j", (node, sizes) => {
    expect(sizesOf(node)).toEqual(sizes);
  });
});

test.each([
  [{ cpus: 8, sockets: 2, cores: 3 }, "8 CPUs are not 2 sockets x 3 cores x 1 threads", "that is 6"],
  [{ cpus: 5, sockets: 2 }, "5 CPUs are not 2 sockets x 1 cores x 1 threads", "that is 2"],
  [{ cpus: 7, threads: 2 }, "7 CPUs are not 1 sockets x 1 cores x 2 threads", "that is 2"],
])("sizes that do not multiply are a problem: %j", (node, message, hint) => {
  expect(problemsOf(worker(node))).toEqual([{ severity: "error", path: "nodes[0].cpus", message, hint }]);
});

test("where nothing is to be added, a node has the sizes that it was given and no others", () => {
  const site = { defaults: "slurm" };
  expect(sizesOf({}, site)).toEqual([undefined, undefined, undefined, undefined]);
  expect(sizesOf({ cpus: 8, threads: 2 }, site)).toEqual([8, undefined, undefined, 2]);
});

test("there, sizes that do not multiply are a problem too", () => {
  const site = { defaults: "slurm" };
  expect(problemsOf(worker({ cpus: 8, sockets: 1, cores: 2 }, site)).map(({ path }) => path)).toEqual([
    "nodes[0].cpus",
  ]);
});

describe("GPUs", () => {
  const gpus = (...all: object[]) => worker({ gpus: all.map((gpu) => ({ type: "a100", count: 2, ...gpu })) });

  test.each([
    ["a type in two cases", gpus({}, { type: "A100" }), "a GPU type is named twice: a100, A100"],
    [
      "mps that cannot be shared evenly",
      gpus({ mps: 3 }),
      "mps is shared evenly: expected a multiple of 2, seen 3",
    ],
    [
      "shards that cannot be shared evenly",
      gpus({ shards: 5 }),
      "shards is shared evenly: expected a multiple of 2, seen 5",
    ],
    [
      "mps and shards on one node",
      gpus({ mps: 2 }, { type: "t4", shards: 2 }),
      "the GPUs of a node are shared by mps or by shards, seen both",
    ],
    [
      "types that are only told of some",
      gpus({}, { type: "t4", typed: false }),
      "Slurm is told the type of all GPUs of a node or of none, seen both",
    ],
  ])("%s are a problem", (_, spec, message) => {
    expect(problemsOf(spec)).toEqual([{ severity: "error", path: "nodes[0].gpus", message }]);
  });

  test("a type may be a MIG profile", () => {
    expect(problemsOf(gpus({ type: "1g.5gb" }, { type: "a100_1g.10gb" }))).toEqual([]);
  });

  test("a GPU under another resource's name is pointed to where it belongs", () => {
    expect(problemsOf(worker({ gres: { gpu: 4 } }))[0]?.message).toMatch(
      /^gpu, mps and shard are said under gpus/,
    );
  });
});

test("a misspelt state names the nearest right one", () => {
  expect(problemsOf(worker({ state: "clod" }))).toEqual([
    {
      severity: "error",
      path: "nodes[0].state",
      message: 'no State= is called "clod"',
      hint: 'did you mean "cloud"?',
    },
  ]);
});

test("the keys of a node may be any but its name", () => {
  expect(problemsOf(worker({ slurm: { weight: 3, nodename: "x" } }))).toEqual([
    { severity: "error", path: "nodes[0].slurm.nodename", message: "the name is said as name" },
  ]);
});
