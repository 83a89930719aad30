import { describe, expect, test } from "vitest";
import { planCluster } from "../src/index.ts";

function problems(topology: object, slurm = "24.11"): Array<readonly [string, string]> {
  const nodes = [{ name: "c[1-4]", roles: ["slurmd"] }];
  const result = planCluster({ nodes, topology }, { defaultSlurm: slurm });
  return result.ok ? [] : result.problems.map(({ path, message }) => [path, message]);
}

const leaf = { switch: "leaf", nodes: "c[1-4]" };

describe("a tree", () => {
  test("of leaves below a switch is right on every release", () => {
    const tree = [
      { switch: "a", nodes: "c[1-2]" },
      { switch: "b", nodes: "c[3-4]" },
      { switch: "top", switches: "a,b" },
    ];
    expect(["20.11", "22.05", "24.11", "26.05"].flatMap((slurm) => problems({ tree }, slurm))).toEqual([]);
  });

  test.each([
    [
      "a node that is not there",
      [{ switch: "s", nodes: "c[4-5]" }],
      ["topology.tree[0].nodes", "switch s names c5, which is no node with the role slurmd"],
    ],
    [
      "a switch that is not there",
      [leaf, { switch: "top", switches: "laef" }],
      ["topology.tree[1].switches", "switch top names laef, which is no switch"],
    ],
    ["two switches of one name", [leaf, leaf], ["topology.tree", 'two switches are called "leaf"']],
    [
      "a switch over nothing",
      [leaf, { switch: "s" }],
      ["topology.tree[1]", "switch s is over nodes or over switches: expected one of the two"],
    ],
    [
      "a switch over both",
      [leaf, { switch: "s", nodes: "c1", switches: "leaf" }],
      ["topology.tree[1]", "switch s is over nodes or over switches: expected one of the two"],
    ],
    [
      "a switch below itself",
      [
        { switch: "a", switches: "b" },
        { switch: "b", switches: "a" },
      ],
      ["topology.tree", "switch a is below itself"],
    ],
    [
      "a switch below two others",
      [leaf, { switch: "a", switches: "leaf" }, { switch: "b", switches: "leaf" }],
      ["topology.tree[2].switches", "leaf is below a and below b: not a tree"],
    ],
  ])("with %s is a problem", (_, tree, problem) => {
    expect(problems({ tree })).toEqual([problem]);
  });

  test("with a loop below its top is looked through once", () => {
    const tree = [
      { switch: "top", switches: "a" },
      { switch: "a", switches: "b" },
      { switch: "b", switches: "a" },
    ];
    expect(problems({ tree }).map(([, message]) => message)).toEqual([
      "a is below top and below b: not a tree",
      "switch a is below itself",
    ]);
  });

  test("whose switches are many and loop is found out soon", () => {
    const tree = Array.from({ length: 300 }, (_, i) => ({
      switch: `s${i}`,
      switches: `s[${i === 0 ? 299 : i - 1}]`,
    }));
    expect(problems({ tree })).toEqual([["topology.tree", "switch s0 is below itself"]]);
  });
});

describe("blocks", () => {
  const blocks = [
    { name: "b1", nodes: "c[1-2]" },
    { name: "b2", nodes: "c[3-4]" },
  ];

  test.each([
    [[2], []],
    [[2, 4], []],
    [[1, 2, 4], []],
    [[3], ["topology.block.blocks[0].nodes", "topology.block.blocks[1].nodes"]],
    [[2, 6], ["topology.block.sizes[1]"]],
    [[2, 2], ["topology.block.sizes[1]"]],
    [[2, 1], ["topology.block.sizes[1]"]],
  ])("of the sizes %j have problems at %j", (sizes, paths) => {
    expect(problems({ block: { sizes, blocks } }).map(([path]) => path)).toEqual(paths);
  });

  test("of one name are a problem", () => {
    expect(problems({ block: { sizes: [2], blocks: [blocks[0], blocks[0]] } })).toEqual([
      ["topology.block.blocks", 'two blocks are called "b1"'],
    ]);
  });

  test("need Slurm 23.11", () => {
    expect(problems({ block: { sizes: [2], blocks } }, "22.05")).toEqual([
      ["topology.block", "topology/block needs Slurm 23.11 or newer, seen 22.05"],
    ]);
  });
});

test("topology.yaml needs Slurm 25.05", () => {
  expect(problems({ tree: [leaf], yaml: true })).toEqual([
    ["topology.yaml", "topology.yaml needs Slurm 25.05 or newer, seen 24.11"],
  ]);
  expect(problems({ tree: [leaf], yaml: true }, "26.05")).toEqual([]);
});

test.each([{}, { flat: true, tree: [leaf] }, { yaml: true }])(
  "%j is not one kind of topology",
  (topology) => {
    expect(problems(topology)[0]?.[1]).toMatch(/^expected one of tree, block and flat/);
  },
);
