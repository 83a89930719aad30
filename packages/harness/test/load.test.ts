import { expect, test } from "vitest";
import { allEnded } from "../src/conditions/load.ts";
import type { Job } from "../src/verbs/job.ts";
import { mixedJobs } from "../src/verbs/load.ts";
import { randomFrom } from "../src/verbs/random.ts";
import { FakeEngine } from "./support/fake-engine.ts";
import { healthy } from "./support/fake-slurm.ts";
import { runOnFake } from "./support/run.ts";

const wish = { jobs: 200, nodes: 2, tasks: 3, seconds: 2, failing: 0.2 };

test("the same seed gives the same jobs, another one others", () => {
  expect(mixedJobs(wish, randomFrom(7))).toEqual(mixedJobs(wish, randomFrom(7)));
  expect(mixedJobs(wish, randomFrom(7))).not.toEqual(mixedJobs(wish, randomFrom(8)));
});

test("a job's end is the one that its exit code brings about", () => {
  const jobs = mixedJobs(wish, randomFrom(7));
  const failing = jobs.filter(({ run }) => !run.endsWith("exit 0"));
  expect(failing.length).toBeGreaterThan(20);
  expect(failing.length).toBeLessThan(70);
  expect(jobs.filter(({ ends }) => ends?.[0] === "FAILED")).toEqual(failing);
});

test("no job asks for more than it may", () => {
  const jobs = mixedJobs(wish, randomFrom(7));
  expect(Math.max(...jobs.map(({ nodes }) => nodes ?? 0))).toBe(2);
  expect(Math.max(...jobs.map(({ tasks }) => tasks ?? 0))).toBe(6);
});

test("a load is over when none of its jobs is still under way, or unknown", () => {
  const jobs = ["3", "4"].map((id): Job => {
    return { kind: "job", id, parts: [id], user: "ada", outputPath: "", title: `job ${id}` };
  });
  const shown = (state: string) => ({
    code: 0,
    output: `JobId=3 JobState=FAILED\nJobId=4 JobState=${state}\n`,
  });
  const over = allEnded("the load", jobs);
  expect(over.judge(shown("COMPLETED")).is).toBe("met");
  expect(over.judge(shown("PENDING"))).toEqual({
    is: "pending",
    saw: "1 of 2 have not ended: 4 is PENDING",
  });
  expect(over.judge({ code: 0, output: "JobId=3 JobState=FAILED\n" }).is).toBe("pending");
});

test("every job of a load is in the ledger with the end it was made for", async () => {
  const run = (failing: number) =>
    runOnFake(healthy(new FakeEngine(), ["c1", "c2"]), async ({ load, until }) => {
      await until({ load: await load({ jobs: 5, failing }), is: "OVER" });
    });
  expect((await run(0)).result.failure).toBeUndefined();
  // The fake's jobs are all COMPLETED.
  expect((await run(1)).result.failure?.message).toBe("a job has ended in a way that no step asked for");
});
