import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readScenario } from "../src/scenario/load.ts";

/** The problems of a file with this text, as `line:column path: message (hint)`. */
async function problemsOf(text: string, name = "wrong.yaml"): Promise<string[]> {
  const file = join(mkdtempSync(join(tmpdir(), "slurmlab-lint-")), name);
  writeFileSync(file, text);
  const read = await readScenario(file);
  if (read.ok) return [];
  expect(read.problems.map((problem) => problem.place?.file)).toEqual(read.problems.map(() => file));
  return read.problems.map(
    ({ place, path, message, hint }) =>
      `${place?.line}:${place?.column} ${path}: ${message}${hint ? ` (${hint})` : ""}`,
  );
}

const EIGHT_MISTAKES = `title: Eight things are wrong here
tgas: [gpu]
parameters:
  nodes: { type: integer, default: two, description: how many there are }
cluster:
  nodes:
    - { name: "c[1-2]", roles: [slumd] }
steps:
  - submitt: { run: hostname }
    as: job
  - until: { job: $job, is: COMPLETE, within: 30s }
  - submit: { run: hostname }
    as: second
  - until: { job: $secnd, is: COMPLETED }
  - until: { node: c3, is: DOWN, within: soon }
`;

describe("lint of a YAML scenario", () => {
  test("reports eight mistakes as exactly these eight", async () => {
    expect(await problemsOf(EIGHT_MISTAKES)).toEqual([
      '2:1 tgas: unknown key "tgas" (did you mean "tags"?)',
      '4:27 parameters.nodes.default: expected an integer, as its type says, seen "two"',
      expect.stringMatching(
        /^7:33 cluster\.nodes\[0\]\.roles\[0\]: expected one of .*seen "slumd" \(did you mean "slurmd"\?\)$/,
      ),
      '9:5 steps[0]: unknown verb "submitt" (did you mean "submit"?)',
      expect.stringMatching(
        /^11:\d+ steps\[1\]\.until\.is: expected one of .*seen "COMPLETE" \(did you mean "COMPLETED"\?\)$/,
      ),
      '14:14 steps[3]: $secnd is neither a parameter nor the result of an earlier step (did you mean "second"?)',
      '15:34 steps[4].until.within: expected a time such as "60s", seen "soon"',
      '15:5 steps[4].until: the cluster has no node "c3" (did you mean "c1"?)',
    ]);
  });

  test.each([
    [
      "a title under a misspelt key is one problem",
      "title: X",
      "titel: X",
      ['1:1 titel: unknown key "titel" (did you mean "title"?)'],
    ],
    [
      "a pattern that does not compile",
      "^c1$",
      '"("',
      [
        expect.stringMatching(
          /^11:\d+ steps\[2\]\.expect\.matches: expected a regular expression, seen "\("/,
        ),
      ],
    ],
    [
      "a key that stands twice does not hide the rest",
      "title: X",
      "title: X\ntitle: Y\nbreaks: [daemon-alive]",
      [
        expect.stringMatching(/^2:1 : Map keys must be unique/),
        expect.stringMatching(
          /^3:10 breaks\[0\]: expected one of .*seen "daemon-alive" \(did you mean "daemons-alive"\?\)$/,
        ),
      ],
    ],
    [
      "a release that is none",
      "title: X",
      'title: X\nrequires: { slurm: "newer" }',
      ['2:13 requires.slurm: expected comparisons with Slurm releases such as ">= 22.05", seen "newer"'],
    ],
    [
      "a requirement that there is not",
      "title: X",
      "title: X\nrequires: { slrum: 1 }",
      ['2:13 requires.slrum: unknown key "slrum" (did you mean "slurm"?)'],
    ],
    [
      "a deadline that is no time",
      "title: X",
      "title: X\ndeadline: 10",
      ["2:1 deadline: expected string, seen 10"],
    ],
    [
      "a parameter of a type that there is not",
      "type: integer",
      "type: int",
      [
        expect.stringMatching(
          /^3:12 parameters\.nodes\.type: expected one of integer, number, string, boolean, seen "int"/,
        ),
      ],
    ],
    [
      "a parameter that is not declared, in the cluster",
      "c[1-$nodes]",
      "c[1-$ndoes]",
      ['6:9 cluster.nodes[0].name: $ndoes is not a parameter (did you mean "nodes"?)'],
    ],
    [
      "a result called like a parameter",
      "as: job",
      "as: nodes",
      [
        expect.stringMatching(/^9:5 steps\[0\]\.as: a parameter has the name "nodes"$/),
        expect.anything(),
        expect.anything(),
      ],
    ],
    [
      "a parameter of the wrong type where it is used",
      "nodes: $nodes",
      "name: $nodes",
      [expect.stringMatching(/^8:30 steps\[0\]\.submit\.name: expected string, seen 2$/)],
    ],
  ])("%s", async (_, from, to, wanted) => {
    const text = GOOD.replace(from, to);
    expect(text).not.toBe(GOOD);
    expect(await problemsOf(text)).toEqual(wanted);
  });

  test("a file named like a subcommand cannot be called, and is told so", async () => {
    expect(await problemsOf(GOOD, "lint.yaml")).toEqual([
      '1:1 : "lint" is a subcommand of pnpm scenario, so no scenario can be called so (rename the file)',
    ]);
  });

  test("finds nothing in one that is right", async () => {
    expect(await problemsOf(GOOD)).toEqual([]);
  });
});

const GOOD = `title: X
parameters:
  nodes: { type: integer, default: 2, description: how many there are }
cluster:
  nodes:
    - { name: "c[1-$nodes]", roles: [slurmd] }
steps:
  - submit: { run: hostname, nodes: $nodes }
    as: job
  - until: { job: $job, is: COMPLETED }
  - expect: { output: $job, matches: ^c1$ }
`;

const TYPESCRIPT = `const cluster = { nodes: [{ name: "c1", roles: ["slurmd"] }] };
export default {
  title: "X",
  cluster,
  async run() {},
};
`;

describe("lint of a TypeScript scenario", () => {
  test.each([
    ["that is right", "", "", []],
    ["without a title", '  title: "X",\n', "", ["2:1 title: expected a sentence"]],
    ["without steps", "async run() {},", "", ["2:1 run: expected the function that takes the steps"]],
    [
      "with a key that there is not",
      '"X",',
      '"X", tgas: [],',
      ['3:15 tgas: unknown key "tgas" (did you mean "tags"?)'],
    ],
    [
      "with a cluster that is wrong",
      "cluster,",
      'cluster: { nodes: [{ name: "c1", roles: ["slumd"] }] },',
      [expect.stringMatching(/^4:36 cluster\.nodes\[0\]\.roles\[0\]: expected one of/)],
    ],
    [
      "with a cluster that cannot be made",
      "cluster,",
      "cluster: ({ n }) => { throw new Error('no ' + n); },",
      ["4:3 cluster: the cluster cannot be made of its parameters: no undefined"],
    ],
    [
      "that exports nothing",
      "export default ",
      "export const other = ",
      ["1:1 : the file has no scenario (export default scenario({ title, cluster, run }))"],
    ],
    [
      "that throws while it is loaded",
      "const cluster",
      "throw new Error('not today');\nconst cluster",
      ["1:7 : the scenario cannot be loaded: not today"],
    ],
    [
      "that is no TypeScript",
      "async run() {},",
      "async run( {},",
      [expect.stringMatching(/^\d+:\d+ : the scenario cannot be loaded: /)],
    ],
  ])("%s", async (_, from, to, wanted) => {
    expect(await problemsOf(TYPESCRIPT.replace(from, to), "own.ts")).toEqual(wanted);
  });
});
