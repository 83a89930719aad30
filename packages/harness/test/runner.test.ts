import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sourceImageSet } from "@slurmlab/images";
import { describe, expect, test } from "vitest";
import { LABEL } from "../src/engine/labels.ts";
import { exitCodeOf } from "../src/report/result.ts";
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
      enter: "docker exec -it slurmlab-test-abc123-login bash",
      containers: 6,
    });
    expect([...engine.containers.values()][0]?.spec.labels["slurmlab.keep"]).toBe("true");
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
