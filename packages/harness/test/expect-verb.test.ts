import { describe, expect, test } from "vitest";
import { parseInput } from "../src/scenario/parse-input.ts";
import { VERBS } from "../src/verbs/index.ts";
import { FakeEngine } from "./support/fake-engine.ts";
import { healthy } from "./support/fake-slurm.ts";
import { runOnFake } from "./support/run.ts";

const run = (check: Parameters<typeof runOnFake>[1]) =>
  runOnFake(healthy(new FakeEngine(), ["c1", "c2"]), check);

describe("expect", () => {
  test("without a wish is refused, since it could not fail", async () => {
    const { result } = await run(async ({ expect: it }) => it({ that: "anything", actual: 1 }));
    expect(result.failure?.message).toContain("could not fail");
  });
  test("compares values by what is in them", async () => {
    const { result } = await run(async ({ expect: it }) =>
      it({ that: "same", actual: { a: [1] }, equals: { a: [1] } }),
    );
    expect(result.verdict).toBe("passed");
  });
  test("shows both sides when they differ", async () => {
    const { result } = await run(async ({ expect: it }) =>
      it({ that: "same", actual: ["a"], equals: ["b"] }),
    );
    expect(result.failure).toMatchObject({ expected: "[ 'b' ]", seen: "[ 'a' ]" });
  });
  test("can expect undefined", async () => {
    const { result } = await run(async ({ expect: it }) =>
      it({ that: "is something", actual: 1, equals: undefined }),
    );
    expect(result.verdict).toBe("failed");
  });
});

test("a step that could not be checked is in the report with its reason, and the run passes", async () => {
  const { result } = await run(async ({ unchecked }) =>
    unchecked({ what: "isolation", because: "no cgroup" }),
  );
  expect(result.steps[0]).toMatchObject({
    outcome: "unchecked",
    sentence: "isolation",
    because: "no cgroup",
  });
  expect(result.verdict).toBe("passed");
});

test("sbatch's refusal for the reason asked about passes, for another it fails", async () => {
  const engine = healthy(new FakeEngine(), ["c1", "c2"], ({ argv }) =>
    argv[0] === "sbatch"
      ? { code: 1, stderr: "sbatch: error: Batch job submission failed: Invalid qos specification\n" }
      : undefined,
  );
  const asked = (because: string) =>
    runOnFake(engine, async ({ refuse }) => refuse({ run: "true", because }));
  expect((await asked("Invalid qos specification")).result.verdict).toBe("passed");
  expect((await asked("Requested node configuration is not available")).result.failure?.message).toBe(
    "sbatch refused the job for another reason",
  );
});

describe("every verb", () => {
  test("has a name of its own", () =>
    expect(new Set(VERBS.map((verb) => verb.name)).size).toBe(VERBS.length));
  test.each(VERBS.map((verb) => [verb.name, verb] as const))(
    "%s refuses a key that it does not know, with words",
    (_, verb) => {
      const parsed = parseInput(verb.schema, { surely: "unknown" });
      expect(parsed.ok).toBe(false);
      expect(parsed.ok ? "" : parsed.problems.map((problem) => problem.message).join()).not.toMatch(
        /Invalid input/,
      );
    },
  );
});
