import { expect, test } from "vitest";
import { expectPassed, runScenario } from "./lab.ts";

// One of each kind: a fault that is put in and healed, and an operation that disturbs. `pnpm scenario --all` runs them all.

test.each(["worker-reboot", "node-added"])(
  "%s passes: the symptom shows, the cluster recovers, and nothing is lost",
  async (name) => expectPassed(await runScenario(name)),
);

test("job-oom fails where nothing limits a job's memory, so it proves something", async () => {
  const { report, exitCode } = await runScenario("job-oom", "--without-fault");
  expect({ verdict: report.verdict, exitCode }).toEqual({ verdict: "failed", exitCode: 1 });
  expect(report.failure?.message).toMatch(/\(hungry\) to be OUT_OF_MEMORY/);
});
