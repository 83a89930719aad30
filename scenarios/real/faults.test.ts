import { describe, expect, test } from "vitest";
import { leftOf, runScenario } from "./lab.ts";

// One that is cheap: an operation that disturbs, with it and without. `pnpm scenario --all` runs them all.
describe.each(["undrain"])("%s", (name) => {
  test("passes: the symptom shows, the cluster recovers, and nothing is lost", async () => {
    const { report, exitCode } = await runScenario(name);
    expect(report.failure).toBeUndefined();
    expect({ verdict: report.verdict, exitCode, left: await leftOf(report.cluster.id) }).toEqual({
      verdict: "passed",
      exitCode: 0,
      left: [],
    });
  });

  test("fails without its fault, so it proves something", async () => {
    const { report, exitCode } = await runScenario(name, "--without-fault");
    expect({ verdict: report.verdict, exitCode }).toEqual({ verdict: "failed", exitCode: 1 });
    expect(report.steps.some((step) => step.outcome === "left out")).toBe(true);
  });
});
