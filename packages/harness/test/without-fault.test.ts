import { describe, expect, test } from "vitest";
import { exitCodeOf } from "../src/report/result.ts";
import type { ScenarioContext } from "../src/scenario/scenario.ts";
import { checkWithoutFault } from "../src/scenario/without-fault.ts";
import { readYaml } from "../src/scenario/yaml.ts";
import { FakeEngine } from "./support/fake-engine.ts";
import { healthy } from "./support/fake-slurm.ts";
import { runOnFake } from "./support/run.ts";

const WORKERS = ["c1", "c2"];
const lab = () =>
  healthy(new FakeEngine(), WORKERS, ({ argv }) =>
    argv[0] === "sv" && argv[1] === "status" ? { stdout: "run: munged: (pid 1) 1s\n" } : undefined,
  );
const stops = (engine: FakeEngine) => {
  const seen: string[] = [];
  const { program } = engine;
  engine.program = (call) => {
    if (call.argv.includes("stop") || call.argv[0]?.endsWith("/start"))
      seen.push(
        `${call.argv.includes("stop") ? "stop" : "start"} ${call.argv.includes("munged") ? "munged" : ""}`,
      );
    return program(call);
  };
  return seen;
};
const munge = async ({ inject, heal }: ScenarioContext) =>
  heal(await inject({ fault: "munge-down", on: "c2" }));

describe("a scenario with a fault", () => {
  test("injects, heals, and passes", async () => {
    const engine = lab();
    const seen = stops(engine);
    const { result } = await runOnFake(engine, munge);
    expect(result.verdict).toBe("passed");
    expect(seen.filter((line) => line.endsWith("munged"))).toEqual(["stop munged", "start munged"]);
    expect(result.faults).toMatchObject([{ fault: "munge-down", on: ["c2"], healedBy: "step" }]);
  });

  test("has what is still in healed at the end of its steps, and the report says so", async () => {
    const { result } = await runOnFake(lab(), async ({ inject }) => {
      await inject({ fault: "munge-down", on: "c2" });
    });
    expect(result.faults).toMatchObject([{ healedBy: "run" }]);
    expect(result.steps.map((step) => step.sentence)).toContain(
      "healed at the end of the steps: munge-down on c2",
    );
  });

  test("that fails is healed too, and the first error stays", async () => {
    const { result } = await runOnFake(lab(), async ({ inject, expect: it }) => {
      await inject({ fault: "munge-down", on: "c2" });
      await it({ that: "one is two", actual: 1, equals: 2 });
    });
    expect(result).toMatchObject({
      verdict: "failed",
      failure: { message: "it does not hold that one is two" },
      faults: [{ healedBy: "run" }],
    });
  });

  test("whose healing fails is broken", async () => {
    const engine = lab();
    const { program } = engine;
    let injected = false;
    engine.program = (call) => {
      if (call.argv.includes("stop")) injected = true;
      return injected && call.argv[0]?.endsWith("/start") ? { code: 1, stdout: "no" } : program(call);
    };
    const { result } = await runOnFake(engine, async ({ inject }) => {
      await inject({ fault: "munge-down", on: "c2" });
    });
    expect(result).toMatchObject({
      verdict: "broken",
      failure: { message: "munge-down on c2 could not be healed" },
    });
  });

  test("that this machine cannot have is skipped with the reason", async () => {
    const { result } = await runOnFake(lab(), async ({ inject }) => {
      await inject({ fault: "clock-skew", on: "c2" });
    });
    expect(result).toMatchObject({
      verdict: "skipped",
      because: "clock-skew cannot be had here: the image of c2 has no libfaketime",
    });
  });

  test("that does not fit its cluster is bad input", async () => {
    const { result } = await runOnFake(lab(), async ({ inject }) => {
      await inject({ fault: "prolog-fails", on: "c2" });
    });
    expect(result).toMatchObject({
      verdict: "bad-input",
      failure: { message: "prolog-fails: the cluster has no scripts.prolog that could fail" },
    });
  });

  test("chooses the same node again with the same seed", async () => {
    const chosen = async (seed: number) => {
      const { result } = await runOnFake(
        lab(),
        async ({ inject }) => {
          await inject({ fault: "munge-down", on: "one" });
        },
        { seed },
      );
      return result.faults[0]?.on;
    };
    expect(await chosen(4)).toEqual(await chosen(4));
  });

  test("does not compile with a fault or a parameter that there is not", () => {
    const wrong = async ({ inject, heal, submit }: ScenarioContext) => {
      // @ts-expect-error: munge-down is meant
      await inject({ fault: "munge-dwon", on: "c2" });
      // @ts-expect-error: every fault of munge needs to know where
      await inject({ fault: "munge-down" });
      // @ts-expect-error: clock-skew has `by`, munge-down has not
      await inject({ fault: "munge-down", on: "c2", by: "+600s" });
      // @ts-expect-error: a job is no fault
      await heal(await submit({ run: "true" }));
    };
    expect(wrong).toBeTypeOf("function");
  });
});

describe("--without-fault", () => {
  const without = { withoutFault: true };

  test("leaves out what disturbs, and a scenario that then fails has shown that it can", async () => {
    const engine = lab();
    const seen = stops(engine);
    const { result } = await runOnFake(
      engine,
      async ({ inject, heal, expect: it }) => {
        const down = await inject({ fault: "munge-down", on: "c2" });
        await it({ that: "one is two", actual: 1, equals: 2 });
        await heal(down);
      },
      without,
    );
    expect({ verdict: result.verdict, exit: exitCodeOf(result), faults: result.faults }).toEqual({
      verdict: "failed",
      exit: 1,
      faults: [],
    });
    expect(result.steps[0]).toMatchObject({ outcome: "left out" });
    expect(seen.filter((line) => line.endsWith("munged"))).toEqual([]);
  });

  test("finds a scenario that proves nothing", async () => {
    const { result } = await runOnFake(lab(), munge, without);
    expect(exitCodeOf(result)).toBe(3);
    expect(result.failure?.message).toBe("the scenario passes without its fault, so it proves nothing");
  });

  test("finds one about configuration that passes whatever the configuration", async () => {
    const aStep = async ({ expect: it }: ScenarioContext) => it({ that: "one is one", actual: 1, equals: 1 });
    const { result } = await runOnFake(lab(), aStep, { ...without, without: { configless: true } });
    expect(exitCodeOf(result)).toBe(3);
  });

  test("is bad input for a scenario without a fault", async () => {
    const aStep = async ({ expect: it }: ScenarioContext) => it({ that: "one is one", actual: 1, equals: 1 });
    const { result } = await runOnFake(lab(), aStep, without);
    expect(exitCodeOf(result)).toBe(2);
    expect(result.failure?.message).toBe("test has no fault to be without");
  });

  test("is refused before anything starts where the steps are known", () => {
    const yaml = readYaml(
      "title: t\ncluster: { nodes: [{ name: c1, roles: [slurmd] }] }\nsteps:\n  - submit: { run: 'true' }\n",
      "t.yaml",
    );
    if (!yaml.ok) throw new Error("the test's own scenario is wrong");
    const scenario = {
      name: "t",
      file: "t.yaml",
      title: "t",
      settings: yaml.settings,
      body: { language: "yaml" as const, scenario: yaml.scenario },
    };
    expect(() => checkWithoutFault(scenario)).toThrow("t has no fault to be without");
  });
});

describe("a fault in YAML", () => {
  const problems = (steps: string, more = "") => {
    const text = `title: t\ncluster: { nodes: [{ name: "c[1-2]", roles: [slurmd] }] }\n${more}steps:\n${steps}\n`;
    const read = readYaml(text, "t.yaml");
    return read.ok
      ? []
      : read.problems.map(
          ({ message, hint, place }) => `${place?.line}:${place?.column} ${message}; ${hint ?? ""}`,
        );
  };

  test("is named, healed, and no problem", () => {
    expect(problems("  - inject: { fault: munge-down, on: c2 }\n    as: down\n  - heal: $down")).toEqual([]);
  });

  test("that is misspelt is told of with its place and the nearest word", () => {
    expect(problems("  - inject: { fault: munge-dwon, on: c2 }")).toEqual([
      '4:15 unknown fault "munge-dwon"; did you mean "munge-down"?',
    ]);
  });

  test("without a name has the list of names", () => {
    expect(problems("  - inject: { on: c2 }").join()).toMatch(/^4:\d+ is missing; known: munge-mismatch, /);
  });

  test("with a key of another fault is told of", () => {
    expect(problems("  - inject: { fault: munge-down, on: c2, by: +600s }").join()).toContain(
      'unknown key "by"',
    );
  });

  test("on a node that there is not is told of", () => {
    expect(problems("  - inject: { fault: munge-down, on: c9 }")).toEqual([
      '4:5 the cluster has no node "c9"; ',
    ]);
  });

  test("that its cluster lacks something for is told of", () => {
    expect(problems("  - inject: { fault: gpu-missing, on: c2 }").join()).toContain("c2 has no GPUs");
  });

  test("cannot be healed by the name of a job", () => {
    const steps = "  - submit: { run: 'true' }\n    as: job\n  - heal: $job";
    expect(problems(steps).join()).toContain("expected a fault: what inject returned");
  });

  test("a change for the run without it is checked like the cluster", () => {
    expect(problems("  - submit: { run: 'true' }", "without: { nodez: 1 }\n").join()).toMatch(
      /^3:.*unknown key "nodez"/,
    );
  });
});
