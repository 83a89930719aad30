import { expect, test } from "vitest";
import { FakeEngine } from "./support/fake-engine.ts";
import { healthy } from "./support/fake-slurm.ts";
import { runOnFake } from "./support/run.ts";

/** slurmctld says of job 2 what `state` returns at that look; undefined: it does not answer. */
function withJob(state: (look: number) => string | undefined): FakeEngine {
  let look = 0;
  return healthy(new FakeEngine(), ["c1", "c2"], ({ argv }) => {
    if (argv.join(" ") !== "scontrol -o show job 2") return undefined;
    const seen = state(look++);
    if (seen === undefined) return { code: 1, stderr: "Unable to contact slurm controller\n" };
    return { stdout: `JobId=2 JobState=${seen} Reason=None ExitCode=0:0\n` };
  });
}

const sentences = (steps: ReadonlyArray<{ sentence: string }>) => steps.map(({ sentence }) => sentence);

test("what never comes true has a line of its own at the scenario's end", async () => {
  const { result } = await runOnFake(
    withJob(() => "PENDING"),
    async ({ submit, never }) => {
      await never({ job: await submit({ run: "true" }), is: "RUNNING" });
    },
  );
  expect(sentences(result.steps).slice(1, 3)).toEqual([
    "watch that never job 2 is RUNNING",
    "it was never so that job 2 is RUNNING",
  ]);
});

test("what comes true beside a waiting step ends that step and fails the run", async () => {
  const engine = withJob((look) => (look < 2 ? "PENDING" : "RUNNING"));
  const { result } = await runOnFake(engine, async ({ submit, never, until }) => {
    await never({ job: await submit({ run: "true" }), is: "RUNNING" });
    await until({ node: "c1", is: "DOWN" });
  });
  expect(result).toMatchObject({
    verdict: "failed",
    failure: {
      message: expect.stringMatching(/^what must never be has come true after .*: job 2 is RUNNING$/),
    },
  });
  expect(result.steps.at(-1)).toMatchObject({ sentence: "node c1 is DOWN", outcome: "failed" });
  expect(result.seconds).toBeLessThan(20);
});

test("after its end it may come true", async () => {
  let over = false;
  const engine = withJob(() => (over ? "COMPLETED" : "PENDING"));
  const { result } = await runOnFake(engine, async ({ submit, never, end, until }) => {
    const job = await submit({ run: "true" });
    const watch = await never({ job, is: "COMPLETED" });
    await end({ watch });
    over = true;
    await until({ job, is: "COMPLETED" });
  });
  expect(result.failure).toBeUndefined();
});

test("what is so already is refused at the start", async () => {
  const engine = withJob(() => "RUNNING");
  const { result } = await runOnFake(engine, async ({ submit, never }) => {
    await never({ job: await submit({ run: "true" }), is: "RUNNING" });
  });
  expect(result.steps.at(-1)).toMatchObject({
    outcome: "failed",
    sentence: "watch that never job 2 is RUNNING",
  });
});

test("a watch that nobody ever answered shows nothing, and does not pass", async () => {
  const engine = withJob(() => undefined);
  const { result } = await runOnFake(engine, async ({ submit, never }) => {
    await never({ job: await submit({ run: "true" }), is: "RUNNING" });
  });
  expect(result).toMatchObject({
    verdict: "failed",
    failure: { message: "nobody could see whether job 2 is RUNNING" },
  });
});
