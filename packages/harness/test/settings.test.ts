import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ParameterSpecs, parameterValues } from "../src/scenario/parameters.ts";
import { hostlistParts, resolveReferences } from "../src/scenario/references.ts";
import { inRange, parseVersionRange, unmetByMachine, unmetBySlurm } from "../src/scenario/requirements.ts";

const range = (text: string) => {
  const parsed = parseVersionRange(text);
  if (!parsed) throw new Error(`${text} is no range`);
  return parsed;
};

describe("a range of Slurm releases", () => {
  test.each([
    ["24.11", ">= 22.05", true],
    ["22.05", ">= 22.05", true],
    ["20.11", ">= 22.05", false],
    ["26.05", ">= 22.05, < 26.05", false],
    ["24.11", ">= 22.05, < 26.05", true],
    ["24.11.5", "<= 24.11", true],
    ["24.11.5", "> 24.11", false],
    ["24.11.5", ">= 24.11.6", false],
    ["24.11", "24.11", true],
    ["24.11.5", "= 24.11", true],
    ["25.05.3", "24.11", false],
  ])("%s is in %s: %s", (version, text, wanted) => {
    expect(inRange(version, range(text))).toBe(wanted);
  });

  test.each(["", "newer", ">= 24", "24.11,", ">= 24.11 26.05", "=> 24.11"])("%j is none", (text) => {
    expect(parseVersionRange(text)).toBeUndefined();
  });

  test("is either no range or one that each release is in or not, whatever is written", () => {
    const part = fc.oneof(fc.constantFrom(">=", "<", "=", " ", ",", "24.11", "22.05.9", "9"), fc.string());
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const parsed = parseVersionRange(parts.join(""));
        return parsed === undefined || typeof inRange("24.11", parsed) === "boolean";
      }),
    );
  });

  test("holds for a version exactly when its opposite does not", () => {
    const release = fc.constantFrom("20.11", "22.05", "24.11", "24.11.3", "26.05");
    fc.assert(
      fc.property(release, release, (version, bound) => {
        const [at, below] = [inRange(version, range(`>= ${bound}`)), inRange(version, range(`< ${bound}`))];
        return at !== below;
      }),
    );
  });
});

describe("what a scenario requires", () => {
  test("is met, or the reason names what is wanted and what there is", () => {
    expect(unmetBySlurm({ slurm: range(">= 22.05") }, "20.11")).toBe(
      "the scenario requires Slurm >= 22.05, and this is 20.11",
    );
    expect(unmetBySlurm({ slurm: range(">= 22.05") }, "24.11")).toBeUndefined();
    expect(unmetBySlurm({}, "20.11")).toBeUndefined();
  });

  test.each([
    ["v2", "v2", true],
    ["v2", "v1", false],
    ["any", "v1", true],
    ["any", "none", false],
    [undefined, "none", true],
  ] as const)("cgroup %s on a machine with %s: %s", (wish, there, wanted) => {
    expect(unmetByMachine({ cgroup: wish }, { cgroup: there, cgroupWhy: "why" }) === undefined).toBe(wanted);
  });
});

const SPECS: ParameterSpecs = {
  nodes: { type: "integer", default: 2, description: "x" },
  load: { type: "number", default: 0.5, description: "x" },
  who: { type: "string", default: "ada", description: "x" },
  hold: { type: "boolean", default: false, description: "x" },
};

describe("the values of parameters", () => {
  test("are the defaults, and what is given", () => {
    const given = { nodes: "8", load: "-1.5", who: "8", hold: "true" };
    expect(parameterValues(SPECS, {}).values).toEqual({ nodes: 2, load: 0.5, who: "ada", hold: false });
    expect(parameterValues(SPECS, given)).toEqual({
      values: { nodes: 8, load: -1.5, who: "8", hold: true },
      problems: [],
    });
  });

  test.each([
    ["node", "8", 'unknown parameter "node"', 'did you mean "nodes"?'],
    ["toString", "8", 'unknown parameter "toString"', "known: nodes, load, who, hold"],
    ["nodes", "two", 'expected an integer, seen "two"', undefined],
    ["nodes", "1.5", 'expected an integer, seen "1.5"', undefined],
    ["nodes", "1e3", 'expected an integer, seen "1e3"', undefined],
    ["nodes", "", 'expected an integer, seen ""', undefined],
    ["load", "Infinity", 'expected a number, seen "Infinity"', undefined],
    ["hold", "yes", 'expected a boolean, seen "yes"', undefined],
  ])("%s=%s is a problem", (name, text, message, hint) => {
    expect(parameterValues(SPECS, { [name]: text }).problems).toEqual([
      { severity: "error", path: `--set ${name}`, message, ...(hint ? { hint } : {}) },
    ]);
  });

  test("are of their types or a problem, whatever is given", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(SPECS)), fc.string()), (given) => {
        const { values } = parameterValues(SPECS, given);
        return (
          Number.isSafeInteger(values.nodes) &&
          Number.isFinite(values.load) &&
          typeof values.who === "string" &&
          typeof values.hold === "boolean"
        );
      }),
    );
  });
});

describe("references in hostlists", () => {
  const at8 = (text: string) => resolveReferences(text, () => 8);
  test.each([
    ["c[1-$n]", "c[1-8]"],
    ["c[$n,1-2],d$x", "c[$n,1-2],d$x"],
    ["rack[1-$n]node[$n]", "rack[1-8]node[8]"],
    ["echo a[$n]", "echo a[$n]"],
    ["c$n", "c$n"],
    ["$$n", "$n"],
    ["$n", 8],
  ])("%s is %s", (text, wanted) => {
    expect(at8(text)).toBe(wanted);
  });

  test("and what stands between them are the whole text", () => {
    const parts = fc.array(fc.constantFrom("c", "[", "]", "1", "-", ",", "$n", "$", "$m1", " "), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(parts, (words) => {
        const text = words.join("");
        const cut = hostlistParts(text);
        return (
          cut === undefined ||
          cut.map((part) => (typeof part === "string" ? part : `$${part.name}`)).join("") === text
        );
      }),
    );
  });
});
