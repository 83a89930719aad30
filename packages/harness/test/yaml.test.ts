import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { resolveReferences } from "../src/scenario/references.ts";
import { readYaml } from "../src/scenario/yaml.ts";

const GOOD = `title: A job runs
cluster:
  nodes:
    - { name: "c[1-2]", roles: [slurmd] }
steps:
  - submit: { run: hostname }
    as: job
  - until: { job: $job, is: COMPLETED, within: 30s }
`;

/** The problems of the good file after one change, as `line:column message (hint)`. */
function problems(from: string, to: string): string[] {
  const text = GOOD.replace(from, to);
  if (text === GOOD) throw new Error("the change changes nothing");
  const result = readYaml(text, "x.yaml");
  return result.ok
    ? []
    : result.problems.map(
        (p) => `${p.place?.line}:${p.place?.column} ${p.message}${p.hint ? ` (${p.hint})` : ""}`,
      );
}

describe("a YAML scenario", () => {
  test("that is right is read with its steps and their lines", () => {
    const result = readYaml(GOOD, "x.yaml");
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    expect(result.scenario.steps.map((step) => `${step.line} ${step.verb.name} ${step.as ?? "-"}`)).toEqual([
      "6 submit job",
      "8 until -",
    ]);
  });

  test("that gives a verb a job and no field for it is told how, once", () => {
    expect(problems("until: { job: $job, is: COMPLETED, within: 30s }", "cancel: $job")).toEqual([
      "8:5 expected a map of fields, seen $job alone (cancel: { job: $job })",
    ]);
  });

  test("the shipped one is right", () => {
    const file = join(import.meta.dirname, "../../../scenarios/hello.yaml");
    expect(readYaml(readFileSync(file, "utf8"), file).ok).toBe(true);
  });

  test.each([
    [
      "a misspelt verb",
      "- submit:",
      "- submitt:",
      /^6:5 unknown verb "submitt" \(did you mean "submit"\?\)$/,
    ],
    [
      "a misspelt state",
      "is: COMPLETED",
      "is: COMPLETE",
      /^8:\d+ expected one of .*seen "COMPLETE" \(did you mean "COMPLETED"\?\)$/,
    ],
    ["a misspelt field", "run: hostname", "rnu: hostname", /unknown key "rnu" \(did you mean "run"\?\)/],
    [
      "a name that no step gave",
      "job: $job",
      "job: $jbo",
      /^8:14 \$jbo is not the result of an earlier step \(did you mean "job"\?\)/,
    ],
    ["a time without a unit", "within: 30s", "within: 30", /^8:\d+ .*string/],
    ["a time that is none", "within: 30s", "within: soon", /expected a time such as "60s", seen "soon"/],
    [
      "a role that does not exist",
      "[slurmd]",
      "[slumd]",
      /^4:\d+ expected one of .*\(did you mean "slurmd"\?\)/,
    ],
    ["a key at the top", "title:", "titel:", /^1:1 unknown key "titel" \(did you mean "title"\?\)/],
    [
      "a job where none is",
      "job: $job",
      "job: seven",
      /expected a job: what submit returned, in YAML \$name/,
    ],
    [
      "two verbs in a step",
      "  - submit: { run: hostname }",
      "  - submit: { run: hostname }\n    cancel: { job: $x }",
      /expected one verb, seen submit, cancel/,
    ],
    [
      "a form of until that there is not",
      "job: $job",
      "jbo: $job",
      /expected one of the keys job, node, accounting, .*output, seen jbo, is, within/,
    ],
    ["a name for nothing", "within: 30s }", "within: 30s }\n    as: done", /until has no result to name/],
    ["an alias that there is not", "[slurmd]", "*nope", /Unresolved alias/],
    ["a name that is none", "as: job", "as: 3", /expected a name of letters, digits and _, seen 3/],
    [
      "breaks that is no list",
      "steps:",
      "breaks: daemons-alive\nsteps:",
      /expected a list of invariants, seen "daemons-alive"/,
    ],
    [
      "an alias to what it stands in",
      "- submit: { run: hostname }",
      "- submit: &a { run: hostname, options: [*a] }",
      /alias/,
    ],
    [
      "a node that there is not",
      "- until: { job: $job, is: COMPLETED,",
      "- until: { node: c3, is: DOWN,",
      /the cluster has no node "c3" \(did you mean "c1"\?\)/,
    ],
    [
      "a number out of bounds",
      "{ run: hostname }",
      "{ run: hostname, nodes: 0 }",
      /^6:\d+ expected at least 1, seen 0$/,
    ],
    [
      "an array among the other options",
      "{ run: hostname }",
      '{ run: hostname, options: ["--array=0-3"] }',
      /^6:\d+ .*an array has a field of its own/,
    ],
    ["broken YAML", "cluster:", "cluster: [", /^\d+:\d+ /],
  ])("%s is a problem with its place and the nearest right word", (_, from, to, wanted) => {
    expect(
      problems(from, to).some((problem) => wanted.test(problem)),
      problems(from, to).join("\n"),
    ).toBe(true);
  });

  test("with several mistakes shows all of them at once, and nothing that only follows from one", () => {
    const text = GOOD.replace("submit", "submitt").replace("slurmd", "slumd");
    const result = readYaml(text, "x.yaml");
    expect(result.ok ? [] : result.problems.map((each) => each.place?.line)).toEqual([4, 6]);
  });

  test("that is anything at all gives problems with a place, never an error", () => {
    const lines = fc.array(fc.oneof(fc.constantFrom(...GOOD.split("\n")), fc.string()));
    fc.assert(
      fc.property(lines, (parts) => {
        const result = readYaml(parts.join("\n"), "x.yaml");
        return (
          result.ok ||
          (result.problems.length > 0 &&
            result.problems.every((p) => p.message !== "" && (p.place?.line ?? 0) > 0))
        );
      }),
    );
  });
});

describe("references", () => {
  test("are replaced at any depth", () => {
    expect(resolveReferences({ a: ["$x", { b: "$x" }], c: "cost $x" }, () => 1)).toEqual({
      a: [1, { b: 1 }],
      c: "cost $x",
    });
  });
  test("with two dollar signs are a text with one", () => {
    expect(resolveReferences("$$HOME", () => 1)).toBe("$HOME");
  });
});
