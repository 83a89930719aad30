import { describe, expect, test } from "vitest";
import { problemsOf, worker } from "./support/plan.ts";

describe("words", () => {
  test.each([
    [worker({ cpu: 3 }), "nodes[0].cpu", "cpus"],
    [worker({}, { node: 3 }), "node", "nodes"],
    [worker({ gpus: { type: "a100", count: 1, mod: "mock" } }), "nodes[0].gpus.mod", "mode"],
    [worker({ gpus: [{ type: "a100", counts: 1 }] }), "nodes[0].gpus[0].counts", "count"],
    [worker({}, { partitions: [{ name: "a", node: "c1" }] }), "partitions[0].node", "nodes"],
    [worker({}, { overrides: { "slurm.con": {} } }), "overrides.slurm.con", "slurm.conf"],
  ])("a misspelt key names the nearest right one (%#: %s)", (spec, path, right) => {
    const key = path.replace(/^(nodes|partitions|overrides)\b(\[0\])?\.(gpus(\[0\])?\.)?/, "");
    expect(problemsOf(spec)).toContainEqual({
      severity: "error",
      path,
      message: `unknown key "${key}"`,
      hint: `did you mean "${right}"?`,
    });
  });

  test("a key that is like no other gets the list of those there are", () => {
    expect(problemsOf(worker({ colour: "red" }))[0]?.hint).toBe(
      "known: name, roles, packed, cpus, sockets, cores, threads, memory, features, gpus, gres, state, slurm",
    );
  });

  test("a misspelt role names the nearest right one", () => {
    expect(problemsOf(worker({ roles: ["slrumd"] }))).toEqual([
      {
        severity: "error",
        path: "nodes[0].roles[0]",
        message:
          'expected one of slurmctld, slurmdbd, database, login, slurmd, slurmrestd, nfs, seen "slrumd"',
        hint: 'did you mean "slurmd"?',
      },
    ]);
  });

  test("a misspelt GPU mode names the nearest right one", () => {
    const [problem] = problemsOf(worker({ gpus: { type: "a100", count: 4, mode: "mok" } }));
    expect(problem).toMatchObject({ path: "nodes[0].gpus.mode", hint: 'did you mean "mock"?' });
  });

  test("a role that cannot be made into text is a problem like any other", () => {
    expect(problemsOf(worker({ roles: [{ toString: 1 }] }))[0]?.path).toBe("nodes[0].roles[0]");
  });
});

describe("values", () => {
  test.each([
    [{}, "nodes", "is missing", "expected array"],
    [{ nodes: [{ roles: ["slurmd"] }] }, "nodes[0].name", "is missing", "expected string"],
    [worker({ cpus: "four" }), "nodes[0].cpus", 'expected number, seen "four"', undefined],
    [worker({ cpus: 1.5 }), "nodes[0].cpus", "expected int, seen 1.5", undefined],
    [worker({}, { slurm: 24.11 }), "slurm", "expected string, seen 24.11", undefined],
    [worker({}, { slurm: "24" }), "slurm", 'expected a Slurm release such as "24.11", seen "24"', undefined],
    [worker({}, { user: "Ada L" }), "user", 'expected a Unix user name, seen "Ada L"', undefined],
    [null, "", "expected object, seen null", undefined],
    [undefined, "", "expected object, seen nothing", undefined],
    [
      worker({ name: "c 1" }),
      "nodes[0].name",
      'expected host names, or a hostlist such as "c[1-4]", seen "c 1"',
      undefined,
    ],
    [
      worker({ memory: "lots" }),
      "nodes[0].memory",
      'expected memory such as "1G" or a number of MiB, seen "lots"',
      undefined,
    ],
    [
      worker({ memory: true }),
      "nodes[0].memory",
      'expected memory such as "1G" or a number of MiB, seen true',
      undefined,
    ],
  ])("what was expected and what was seen stand in one line (%#)", (spec, path, message, hint) => {
    expect(problemsOf(spec)).toEqual([
      { severity: "error", path, message, ...(hint === undefined ? {} : { hint }) },
    ]);
  });

  test.each(["0", "99999999999999999999T"])("a memory of %s is none that a node could have", (memory) => {
    expect(problemsOf(worker({ memory })).map(({ path }) => path)).toEqual(["nodes[0].memory"]);
  });

  test("a long value is cut short", () => {
    const [problem] = problemsOf(worker({ cpus: "x".repeat(500) }));
    expect(problem?.message).toBe(`expected number, seen "${"x".repeat(56)}...`);
  });

  test("a hostlist that cannot be expanded says why", () => {
    expect(problemsOf(worker({ name: "c[3-1]" }))).toContainEqual({
      severity: "error",
      path: "nodes[0].name",
      message: 'the range 3-1 in "c[3-1]" runs backwards',
    });
  });
});

describe("a choice of forms is never just invalid", () => {
  test.each([
    ["gpus of a number", worker({ gpus: 3 })],
    ["gpus of null", worker({ gpus: null })],
    ["gpus of nothing in a list", worker({ gpus: [] })],
    ["gpus of an empty object", worker({ gpus: {} })],
    ["gpus with a key too many", worker({ gpus: { type: "a100", count: 1, speed: 3 } })],
    ["gpus with a key too many in a list", worker({ gpus: [{ type: "a100", count: 1, speed: 3 }] })],
    ["gpus with a count of 0", worker({ gpus: { type: "a100", count: 0 } })],
    ["a list in gpus of a list", worker({ gpus: [[]] })],
    ["a memory that is a list", worker({ memory: [] })],
    ["an override of true", worker({}, { overrides: { "slurm.conf": { KillWait: true } } })],
    ["an override of an object", worker({}, { overrides: { "cgroup.conf": { A: {} } } })],
  ])("%s is explained", (_, spec) => {
    const messages = problemsOf(spec).map(({ message }) => message);
    expect(messages.length).toBeGreaterThan(0);
    expect(messages.join("\n")).not.toMatch(/invalid input/i);
  });

  test("half of a GPU is explained by what it lacks, not by the other form", () => {
    const problems = problemsOf(worker({ gpus: { type: "a100" } }));
    expect(problems.map(({ path, message }) => [path, message])).toEqual([
      ["nodes[0].gpus.count", "is missing"],
    ]);
  });

  test("a wrong GPU in a list is named by its place in the list", () => {
    const gpus = [
      { type: "a100", count: 1 },
      { type: "T 4", count: 1 },
    ];
    expect(problemsOf(worker({ gpus })).map(({ path }) => path)).toEqual(["nodes[0].gpus[1].type"]);
  });
});
