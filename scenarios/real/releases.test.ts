import { describe, expect, inject, test } from "vitest";
import { expectPassed, leftOf, runScenario } from "./lab.ts";

const RELEASES = Object.keys(inject("slurmImages"));

// Two at a time: they wait for Slurm most of the time.
describe.concurrent.each(RELEASES)("Slurm %s", (slurm) => {
  test("runs hello", async () => {
    await expectPassed(await runScenario("hello", "--slurm", slurm));
  });

  test("runs gpu-job: each job gets the GPUs that it asked for", async () => {
    const run = await runScenario("gpu-job", "--slurm", slurm);
    await expectPassed(run);
    // A step that was left out would pass unseen: these must all be there, done or said not to be.
    const sentences = run.report.steps.map((step) => step.sentence).join("\n");
    for (const part of [
      /1 GPU has one in CUDA_VISIBLE_DEVICES/,
      /two jobs at once .* different/,
      /for no GPU has none/,
      /sees all eight/,
      /PENDING with reason Resources/,
      /Requested node configuration is not available/,
      /in accounting as FAILED, exit code 3:0/,
      /can open that GPU and is refused the other three|a job sees its own GPU only/,
    ]) {
      expect(sentences).toMatch(part);
    }
  });
});

// The oldest API and the newest.
test.concurrent.each(["20.11", "26.05"])("rest-api runs on %s", async (slurm) => {
  await expectPassed(await runScenario("rest-api", "--slurm", slurm));
});

test("db-restored runs on MySQL, the image for which is made when it is asked for", async () => {
  const run = await runScenario("db-restored", "--slurm", "26.05", "--database", "mysql");
  await expectPassed(run);
});

test("hello runs on images with a variant's layer, which is made when it is asked for", async () => {
  await expectPassed(await runScenario("hello", "--variant", "ssh"));
});

test("gpu-type runs, and its claim holds", async () => {
  const { report } = await runScenario("gpu-type");
  expect({ failure: report.failure, verdict: report.verdict }).toEqual({
    failure: undefined,
    verdict: "passed",
  });
});

test("two gpu-jobs side by side do not disturb each other", async () => {
  const runs = await Promise.all([runScenario("gpu-job"), runScenario("gpu-job")]);
  expect(runs.map(({ report }) => report.failure)).toEqual([undefined, undefined]);
  expect(new Set(runs.map(({ report }) => report.cluster.id)).size).toBe(2);
});

test("real GPUs that are not there skip the scenario, say why, and leave nothing", async ({ skip }) => {
  const { report, exitCode } = await runScenario("gpu-job", "--gpus", "real");
  if (report.verdict !== "skipped") skip("this machine has real GPUs");
  expect(report.because).toMatch(/8 real NVIDIA GPUs are asked for; the host has/);
  expect({ exitCode, left: await leftOf(report.cluster.id) }).toEqual({ exitCode: 0, left: [] });
});
