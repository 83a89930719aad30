import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sourceImageSet } from "@slurmlab/images";
import { describe, expect, test } from "vitest";
import { LABEL } from "../src/engine/labels.ts";
import { exitCodeOf } from "../src/report/result.ts";
import { parseVersionRange } from "../src/scenario/requirements.ts";
import type { ScenarioContext } from "../src/scenario/scenario.ts";
import { FakeEngine } from "./support/fake-engine.ts";
import { healthy } from "./support/fake-slurm.ts";
import { runOnFake } from "./support/run.ts";

const WORKERS = ["c1", "c2"];
const nothing = async () => {};
/** The least that a scenario may do. */
const aStep = async ({ expect: it }: ScenarioContext) => it({ that: "one is one", actual: 1, equals: 1 });

describe("a run that goes well", () => {
  test("passes, and leaves nothing in the engine", async () => {
    const engine = healthy(new FakeEngine(), WORKERS);
    const { result } = await runOnFake(engine, async ({ submit, until }) => {
      const job = await submit({ run: "hostname" });
      await until({ job, is: "COMPLETED" });
    });
    expect(result.failure).toBeUndefined();
    expect({ verdict: result.verdict, exit: exitCodeOf(result), left: await engine.listOwned() }).toEqual({
      verdict: "passed",
      exit: 0,
      left: [],
    });
  });

  test("tells its steps as sentences, in order", async () => {
    const engine = healthy(new FakeEngine(), WORKERS);
    const { result } = await runOnFake(engine, async ({ submit, until }) => {
      await until({ job: await submit({ name: "hello", run: "hostname", nodes: 2 }), is: "COMPLETED" });
    });
    expect(result.steps.slice(0, 2).map((step) => step.sentence)).toEqual([
      'submit "hello", on 2 nodes',
      "job 2 (hello) is COMPLETED",
    ]);
  });

  test("on a compiled Slurm carries its version, not that of the release it is planned as", async () => {
    const engine = healthy(new FakeEngine(), WORKERS);
    const source = { version: "25.05.3", suite: "trixie", file: "", sha256: "", configure: [] };
    const { result } = await runOnFake(engine, aStep, {
      images: sourceImageSet(source, "amd64"),
      keep: true,
    });
    const database = [...engine.containers.values()].find(({ spec }) => spec.hostname === "db")?.spec;
    expect({
      report: result.slurm,
      label: database?.labels[LABEL.slurm],
      // What the tables in the data folder are compared with: 24.11, as which it is planned, would be too old for them.
      database: database?.env?.SLURMLAB_SLURM,
    }).toEqual({ report: "25.05.3", label: "25.05.3", database: "25.05.3" });
  });

  test("removes containers before the network that holds them", async () => {
    const engine = healthy(new FakeEngine(), WORKERS);
    await runOnFake(engine, aStep);
    const removals = engine.calls.filter((call) => call.startsWith("remove"));
    expect(removals.findIndex((call) => call.startsWith("remove network"))).toBeGreaterThan(
      removals.findLastIndex((call) => call.includes("-c2")),
    );
  });

  test("keeps the cluster when it is told to, and says so", async () => {
    const engine = healthy(new FakeEngine(), WORKERS);
    const { result } = await runOnFake(engine, aStep, { keep: true });
    expect({ enter: result.enter, containers: engine.containers.size }).toEqual({
      enter: "pnpm cluster shell --cluster test-abc123",
      containers: 6,
    });
    expect(engine.volumes.get("slurmlab-test-abc123-kept")?.["slurmlab.keep"]).toBe("true");
  });
});

describe("a run that does not go well", () => {
  test("fails with what was expected, seen and where, and the first error is not hidden", async () => {
    const engine = healthy(new FakeEngine(), WORKERS);
    const { result } = await runOnFake(engine, async ({ expect: expectThat }) => {
      await expectThat({ that: "one is two", actual: 1, equals: 2 });
    });
    expect(result.failure).toMatchObject({ kind: "failed", expected: "2", seen: "1" });
    expect({ verdict: result.verdict, exit: exitCodeOf(result) }).toEqual({ verdict: "failed", exit: 1 });
  });

  test("saves evidence before it tears down", async () => {
    const engine = healthy(new FakeEngine(), WORKERS);
    const { told } = await runOnFake(
      engine,
      async ({ shell }) => void (await shell({ on: "nowhere", run: "true" })),
    );
    expect(told.indexOf("stage evidence")).toBeGreaterThan(0);
    expect(told.indexOf("stage evidence")).toBeLessThan(told.indexOf("stage teardown"));
  });

  test("a scenario that throws is broken, never passed", async () => {
    const engine = healthy(new FakeEngine(), WORKERS);
    const { result } = await runOnFake(engine, async () => {
      throw new TypeError("undefined is not a function");
    });
    expect({ verdict: result.verdict, exit: exitCodeOf(result) }).toEqual({ verdict: "broken", exit: 3 });
  });

  test("a node that cannot start is undone with all the others", async () => {
    const engine = healthy(new FakeEngine(), WORKERS);
    engine.failing.add("startContainer c2");
    const { result } = await runOnFake(engine, aStep);
    expect({ verdict: result.verdict, left: await engine.listOwned() }).toEqual({
      verdict: "broken",
      left: [],
    });
  });

  test("a node that Slurm refuses ends the wait at once, with Slurm's reason", async () => {
    const reason = "gres/gpu count reported lower than configured (0 < 4)";
    const engine = healthy(new FakeEngine(), WORKERS, ({ argv }) =>
      argv.includes("node")
        ? { stdout: `NodeName=c1 State=IDLE+DRAIN+INVALID_REG Reason=${reason}\nNodeName=c2 State=IDLE\n` }
        : undefined,
    );
    const { result } = await runOnFake(engine, aStep);
    expect(result.failure?.seen).toContain(reason);
    expect(result.seconds).toBeLessThan(10);
  });

  test("a daemon that ended on its own fails the run", async () => {
    const line = "2026-01-01T00:00:00.000Z slurmd ended: killed by signal 11";
    const engine = healthy(new FakeEngine(), WORKERS, ({ hostname, argv }) =>
      hostname === "c2" && argv[0] === "cat" ? { stdout: `${line}\n` } : undefined,
    );
    const { result } = await runOnFake(engine, aStep);
    expect(result.failure).toMatchObject({
      kind: "failed",
      message: "a daemon has ended",
      seen: `c2: ${line}`,
    });
  });

  test("a scenario that kills a daemon on purpose says so and passes", async () => {
    const engine = healthy(new FakeEngine(), WORKERS, ({ argv }) =>
      argv[0] === "cat" ? { stdout: "slurmd ended: exit code 0\n" } : undefined,
    );
    const { result } = await runOnFake(engine, aStep, { breaks: ["daemons-alive"] });
    expect(result.verdict).toBe("passed");
  });

  test("what cannot be removed is named, and makes even a pass end with 3", async () => {
    const engine = healthy(new FakeEngine(), WORKERS);
    engine.failing.add("remove container slurmlab-test-abc123-c1");
    const { result } = await runOnFake(engine, aStep);
    expect({ verdict: result.verdict, exit: exitCodeOf(result) }).toEqual({ verdict: "passed", exit: 3 });
    expect(result.leftovers.join()).toContain("remove the containers");
  });

  test("real GPUs that are not there skip the scenario with the reason", async () => {
    const engine = healthy(new FakeEngine(), WORKERS);
    const cluster = {
      nodes: [
        { name: "g1", roles: ["slurmd" as const], gpus: { type: "a100", count: 1, mode: "real" as const } },
      ],
    };
    const { result } = await runOnFake(engine, aStep, { cluster });
    expect(result).toMatchObject({
      verdict: "skipped",
      because: expect.stringContaining("no NVIDIA driver"),
    });
    expect({ exit: exitCodeOf(result), left: await engine.listOwned() }).toEqual({ exit: 0, left: [] });
  });
});

describe("a run that is interrupted", () => {
  test("saves evidence, tears down and ends with 130", async () => {
    const engine = healthy(new FakeEngine(), WORKERS);
    const controller = new AbortController();
    const { result, told } = await runOnFake(
      engine,
      async ({ submit, until }) => {
        const job = await submit({ run: "true" });
        controller.abort();
        await until({ job, is: "COMPLETED" });
      },
      { signal: controller.signal },
    );
    expect({ verdict: result.verdict, exit: exitCodeOf(result), left: await engine.listOwned() }).toEqual({
      verdict: "interrupted",
      exit: 130,
      left: [],
    });
    expect(told).toContain("stage evidence");
  });

  test("while the cluster starts, leaves nothing either", async () => {
    const controller = new AbortController();
    const engine = healthy(new FakeEngine(), WORKERS, ({ argv }) => {
      if (argv[0]?.endsWith("/start")) controller.abort();
      return undefined;
    });
    const { result } = await runOnFake(engine, aStep, { signal: controller.signal });
    expect({ verdict: result.verdict, left: await engine.listOwned() }).toEqual({
      verdict: "interrupted",
      left: [],
    });
  });
});

describe("a TypeScript scenario that is written wrongly", () => {
  const verdict = async (run: Parameters<typeof runOnFake>[1]) => {
    const engine = healthy(new FakeEngine(), WORKERS);
    const { result } = await runOnFake(engine, run);
    return {
      verdict: result.verdict,
      message: result.failure?.message,
      left: (await engine.listOwned()).length,
    };
  };

  test("a step that is not awaited is told of, and the run does not pass", async () => {
    const seen = await verdict(async ({ submit }) => {
      void submit({ run: "true" });
    });
    expect(seen).toEqual({
      verdict: "bad-input",
      message: expect.stringMatching(/^the step submit .* was not awaited$/),
      left: 0,
    });
  });

  test("a step's failure that the scenario swallows is still a failure", async () => {
    const seen = await verdict(async ({ expect: it }) => {
      await it({ that: "one is two", actual: 1, equals: 2 }).catch(() => {});
    });
    expect(seen).toMatchObject({ verdict: "failed", message: "it does not hold that one is two" });
  });

  test("a scenario without a step does not pass", async () => {
    expect(await verdict(nothing)).toMatchObject({
      verdict: "bad-input",
      message: "the scenario has no step",
    });
  });

  test("a scenario that waits for ever is torn down when it is interrupted", async () => {
    const engine = healthy(new FakeEngine(), WORKERS);
    const controller = new AbortController();
    const { result } = await runOnFake(
      engine,
      () => {
        controller.abort();
        return new Promise(() => {});
      },
      { signal: controller.signal },
    );
    expect({ verdict: result.verdict, left: await engine.listOwned() }).toEqual({
      verdict: "interrupted",
      left: [],
    });
  });
});

describe("a cluster that stands ready", () => {
  test("is taken away by a run that has no use for it, and what is left of it is told", async () => {
    const engine = healthy(new FakeEngine(), WORKERS);
    const asked: string[] = [];
    const standing = {
      take: async () => {
        asked.push("take");
        return undefined;
      },
      remove: async () => {
        asked.push("remove");
        return ["the network: in use"];
      },
    };
    const settings = { requires: { slurm: parseVersionRange(">= 26.05") } };
    const { result } = await runOnFake(engine, aStep, { standing, settings });
    expect({ asked, left: result.leftovers }).toEqual({ asked: ["remove"], left: ["the network: in use"] });
  });

  test("that could not be started is replaced by one of the run's own", async () => {
    const engine = healthy(new FakeEngine(), WORKERS);
    const standing = { take: async () => undefined, remove: async () => [] };
    const { result } = await runOnFake(engine, aStep, { standing });
    expect(result.verdict).toBe("passed");
    expect(engine.calls.some((call) => call.startsWith("createContainer"))).toBe(true);
  });
});

describe("what a scenario requires", () => {
  test("of Slurm is looked at before an engine is", async () => {
    const slurm = parseVersionRange(">= 26.05");
    const engine = healthy(new FakeEngine(), WORKERS);
    const { result, told } = await runOnFake(engine, aStep, { settings: { requires: { slurm } } });
    expect({ verdict: result.verdict, because: result.because, exit: exitCodeOf(result) }).toEqual({
      verdict: "skipped",
      because: "the scenario requires Slurm >= 26.05, and this is 24.11",
      exit: 0,
    });
    expect(told.filter((line) => /engine|cluster/.test(line))).toEqual([]);
  });

  test("of a Slurm that was compiled is its version's", async () => {
    const slurm = parseVersionRange(">= 25.05");
    const engine = healthy(new FakeEngine(), WORKERS);
    const { result } = await runOnFake(engine, aStep, {
      settings: { requires: { slurm } },
      slurm: "25.05.3",
    });
    expect(result.verdict).toBe("passed");
  });

  test("of the machine is looked at before a node is made", async () => {
    const engine = healthy(new FakeEngine(), WORKERS);
    const { result } = await runOnFake(engine, aStep, { settings: { requires: { cgroup: "v2" } } });
    expect({ verdict: result.verdict, because: result.because }).toEqual({
      verdict: "skipped",
      because: expect.stringContaining("the scenario requires cgroup v2, and here is v1"),
    });
    expect(engine.calls.filter((call) => call.startsWith("startContainer c"))).toEqual([]);
    expect(await engine.listOwned()).toEqual([]);
  });
});

describe("a deadline that passes", () => {
  const never = () => new Promise<never>(() => {});

  test("in a step that hangs fails the run, says which, saves evidence and tears down", async () => {
    const engine = healthy(new FakeEngine(), WORKERS, ({ argv }) =>
      argv.includes("stuck") ? never() : undefined,
    );
    const { result, told } = await runOnFake(
      engine,
      async ({ run }) => void (await run({ command: "stuck" })),
      {
        settings: { deadlineMs: 1_500 },
      },
    );
    expect(result.failure).toMatchObject({
      kind: "failed",
      message: "the deadline of 1.5 s has passed",
      seen: "run `stuck` with srun",
    });
    expect({ verdict: result.verdict, exit: exitCodeOf(result), left: await engine.listOwned() }).toEqual({
      verdict: "failed",
      exit: 1,
      left: [],
    });
    expect(told).toContain("stage evidence");
  });

  test("while the cluster starts is broken, as the claim was not tried", async () => {
    const engine = healthy(new FakeEngine(), WORKERS, ({ argv }) =>
      argv.join(" ").startsWith("scontrol -o show node") ? { stdout: "NodeName=c1 State=DOWN\n" } : undefined,
    );
    const { result } = await runOnFake(engine, aStep, { settings: { deadlineMs: 300 } });
    expect({ verdict: result.verdict, message: result.failure?.message }).toEqual({
      verdict: "broken",
      message: "the deadline of 0.3 s has passed",
    });
    expect(await engine.listOwned()).toEqual([]);
  });

  test("is none of a run that is quick enough", async () => {
    const engine = healthy(new FakeEngine(), WORKERS);
    const { result } = await runOnFake(engine, aStep, { settings: { deadlineMs: 60_000 } });
    expect(result.verdict).toBe("passed");
  });
});

test("the same seed gives a scenario the same numbers, and the report has it", async () => {
  const draw = async (seed: number) => {
    const drawn: number[] = [];
    const engine = healthy(new FakeEngine(), WORKERS);
    const { result } = await runOnFake(
      engine,
      async ({ random, expect: it }) => {
        drawn.push(random.integer(1, 1000), random.integer(1, 1000), random.pick([1, 2, 3]));
        await it({ that: "one is one", actual: 1, equals: 1 });
      },
      { seed },
    );
    return { drawn, seed: result.seed };
  };
  const [first, again, other] = [await draw(7), await draw(7), await draw(8)];
  expect(again).toEqual(first);
  expect(first.seed).toBe(7);
  expect(other.drawn).not.toEqual(first.drawn);
});

test("no secret appears in a label, a variable, an event, the result or the evidence", async () => {
  const engine = healthy(new FakeEngine(), WORKERS);
  const secrets: string[] = [];
  const specs: unknown[] = [];
  const { result, told, folder } = await runOnFake(engine, async ({ shell }) => {
    for (const { files, spec } of engine.containers.values()) {
      specs.push(spec);
      const password = /StoragePass=(\S+)/.exec(files.get("/etc/slurm/slurmdbd.conf") ?? "")?.[1];
      if (password) secrets.push(password);
      for (const key of ["/etc/munge/munge.key", "/etc/slurm/jwt_hs256.key"])
        if (files.has(key)) secrets.push(files.get(key) ?? "");
    }
    await shell({ on: "nowhere", run: "true" });
  });
  const evidence = readdirSync(join(folder, "evidence"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
  expect(secrets.length).toBeGreaterThan(5);
  expect(evidence.join()).toContain("StoragePass=********");
  const everything = JSON.stringify([result, told, specs]) + evidence.join();
  expect(secrets.filter((secret) => everything.includes(secret))).toEqual([]);
});
