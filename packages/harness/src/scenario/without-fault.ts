import { LabError } from "../errors/lab-error.ts";
import type { StepResult } from "../report/result.ts";
import type { LoadedScenario } from "./load.ts";

/**
 * Throws, before anything starts, when a scenario has nothing that `--without-fault` could leave out or change. What a
 * TypeScript scenario does is only known when it has run: see {@link judgeWithoutFault}.
 */
export function checkWithoutFault({ name, body }: LoadedScenario): void {
  if (body.scenario.without || body.language === "typescript") return;
  if (!body.scenario.steps.some(({ verb }) => verb.disturbs)) throw nothingToLeaveOut(name);
}

/** What it means that a run without its fault has passed: never that all is well. */
export function judgeWithoutFault({ name, body }: LoadedScenario, steps: readonly StepResult[]): LabError {
  const leftOut = steps.some((step) => step.outcome === "left out");
  if (!leftOut && !body.scenario.without) return nothingToLeaveOut(name);
  return new LabError({
    kind: "broken",
    message: "the scenario passes without its fault, so it proves nothing",
    expected: "its claim to fail when nothing is wrong",
    seen: "every step and check passed",
    hint: "await something that only the fault can bring about",
  });
}

function nothingToLeaveOut(name: string): LabError {
  return new LabError({
    kind: "bad-input",
    message: `${name} has no fault to be without`,
    expected: "a step that disturbs, such as inject, or `without:` with a change of the cluster",
    hint: "say under `without:` what of the cluster's configuration the claim depends on",
  });
}
