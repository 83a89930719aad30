import fc from "fast-check";
import { expect, test } from "vitest";
import { problemsOf, worker } from "./support/plan.ts";

const c1 = { name: "c1", roles: ["slurmd"] };

test("all problems of the text are found at once", () => {
  const spec = {
    name: "My Lab",
    nodes: [{ name: "c1", roles: ["slurmd", "slrumd"], cpus: 0 }, { name: "c2" }],
    users: 3,
  };
  expect(
    problemsOf(spec)
      .map(({ path }) => path)
      .sort(),
  ).toEqual(["name", "nodes[0].cpus", "nodes[0].roles[1]", "nodes[1].roles", "users"]);
});

test("all problems of the meaning are found at once", () => {
  const spec = {
    nodes: [
      { name: "c[2-1]", roles: ["slurmd"] },
      { name: "front", roles: ["login"], gpus: { type: "a100", count: 1 } },
      { name: "front", roles: ["login"] },
    ],
    partitions: [{ name: "a", nodes: "c9" }],
  };
  expect(problemsOf(spec).map(({ path }) => path)).toEqual([
    "nodes[0].name",
    "nodes[1].gpus",
    "nodes",
    "nodes",
    "partitions[0].nodes",
  ]);
});

test("problems are named from where the specification stands in its document", () => {
  expect(problemsOf(worker({ cpus: 0 }), "cluster").map(({ path }) => path)).toEqual([
    "cluster.nodes[0].cpus",
  ]);
});

test("a problem of the whole specification is named by its place in the document", () => {
  expect(problemsOf(3, "cluster").map(({ path }) => path)).toEqual(["cluster"]);
});

test.each([
  [
    "GPUs on a node without slurmd",
    [c1, { name: "front", roles: ["login"], gpus: { type: "a100", count: 1 } }],
    "nodes[1].gpus",
    "only a node with the role slurmd has GPUs",
  ],
  [
    "mock and real GPUs on one node",
    [
      {
        ...c1,
        gpus: [
          { type: "a100", count: 1, mode: "mock" },
          { type: "t4", count: 1, mode: "real" },
        ],
      },
    ],
    "nodes",
    "the GPUs of one cluster are all mock or all real, seen both",
  ],
  [
    "one GPU type twice on a node",
    [
      {
        ...c1,
        gpus: [
          { type: "a100", count: 1 },
          { type: "a100", count: 2 },
        ],
      },
    ],
    "nodes[0].gpus",
    "a GPU type is named twice: a100, a100",
  ],
  ["two nodes of one name", [c1, { ...c1, name: "c[1-2]" }], "nodes", 'two nodes are called "c1"'],
  [
    "a name of 64 characters",
    [{ ...c1, name: `c${"x".repeat(63)}` }],
    "nodes",
    `"c${"x".repeat(63)}" is longer than 63 characters`,
  ],
  [
    "two names that differ only in case",
    [c1, { ...c1, name: "C1" }],
    "nodes",
    '"c1" and "C1" differ only in case, which no resolver tells apart',
  ],
  [
    "a node called localhost",
    [c1, { ...c1, name: "localhost" }],
    "nodes",
    "localhost is every node to itself: expected another name",
  ],
  [
    "two accounting daemons",
    [c1, { name: "a,b", roles: ["slurmdbd"] }],
    "nodes",
    "one node can be slurmdbd, seen a, b",
  ],
  [
    "two databases",
    [c1, { name: "a,b", roles: ["database"] }],
    "nodes",
    "one node can be database, seen a, b",
  ],
  [
    "no worker",
    [{ name: "front", roles: ["login"] }],
    "nodes",
    "no node has the role slurmd, so no job could run",
  ],
])("%s is a problem", (_, nodes, path, message) => {
  expect(problemsOf({ nodes })).toEqual([{ severity: "error", path, message }]);
});

test("a name of 63 characters is none", () => {
  expect(problemsOf({ nodes: [{ ...c1, name: `c${"x".repeat(62)}` }] })).toEqual([]);
});

test("a partition of nodes that are not there names each, and the workers there are", () => {
  const partitions = [{ name: "a", nodes: "c[1-3]" }];
  expect(problemsOf({ nodes: [c1], partitions })).toEqual(
    ["c2", "c3"].map((name) => ({
      severity: "error",
      path: "partitions[0].nodes",
      message: `partition a names ${name}, which is no node with the role slurmd`,
      hint: "workers: c1",
    })),
  );
});

test("a partition cannot have a node that runs no jobs", () => {
  const nodes = [c1, { name: "front", roles: ["login"] }];
  expect(problemsOf({ nodes, partitions: [{ name: "a", nodes: "front" }] })[0]?.message).toBe(
    "partition a names front, which is no node with the role slurmd",
  );
});

/** Values that are nearly a specification: the right keys, now and then the right values. */
const nearly = (value: fc.Arbitrary<unknown>) => {
  const any = (...right: unknown[]) => fc.oneof(value, fc.constantFrom(...right));
  const gpu = fc.record(
    { type: any("a100", "t4"), count: any(1, 65), mode: any("mock", "real") },
    { requiredKeys: [] },
  );
  const node = fc.record(
    {
      name: fc.oneof(any("c1", "c[1-3]", "ctl", "c[9-1]"), fc.stringMatching(/^[a-z][0-9,a-z[\]-]{0,30}$/)),
      roles: fc.oneof(value, fc.array(any("slurmd", "slurmctld", "login"))),
      cpus: any(1, 0, 1.5),
      memory: any("1G", "0", 1),
      gpus: fc.oneof(value, gpu, fc.array(gpu)),
    },
    { requiredKeys: [] },
  );
  const partition = fc.record(
    { name: any("a", "b"), nodes: any("c1", "c[1-9]", "c["), default: any(true) },
    { requiredKeys: [] },
  );
  return fc.record(
    {
      name: any("lab"),
      slurm: any("24.11"),
      nodes: fc.oneof(value, fc.array(fc.oneof(value, node))),
      partitions: fc.oneof(value, fc.array(fc.oneof(value, partition))),
      user: any("ada"),
      overrides: fc.oneof(value, fc.record({ "slurm.conf": value }, { requiredKeys: [] })),
    },
    { requiredKeys: [] },
  );
};

const hostile = fc.constantFrom(
  { toString: 1 },
  JSON.parse('{"__proto__":{"a":1}}'),
  "toString",
  "__proto__",
);
const json = fc.oneof(fc.jsonValue(), hostile);

test("any JSON gives a plan, or problems that each say something", () => {
  fc.assert(
    fc.property(fc.oneof(json, nearly(json)), (input) => {
      for (const { message } of problemsOf(input)) {
        expect(message).not.toBe("");
        expect(message).not.toMatch(/invalid input|undefined|\[object/i);
      }
    }),
    { numRuns: 1000 },
  );
});
