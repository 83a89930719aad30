import type { StepContext } from "../verbs/verb.ts";
import { runStep, type StepEvents, scenarioContext } from "./context.ts";
import type { LoadedScenario } from "./load.ts";
import { resolveReferences } from "./yaml.ts";

/** Runs a scenario's steps, whichever language they are written in. */
export async function runSteps(
  scenario: LoadedScenario,
  step: StepContext,
  events: StepEvents,
): Promise<void> {
  const { file, body } = scenario;
  if (body.language === "typescript") {
    await body.scenario.run(scenarioContext(step, events, file));
    return;
  }
  const results = new Map<string, unknown>();
  for (const { verb, input, as, line } of body.scenario.steps) {
    const resolved = resolveReferences(input, (name) => results.get(name));
    const where = `${file.split("/").slice(-2).join("/")}:${line}`;
    const result = await runStep(verb, resolved, { step, events, file, where });
    if (as) results.set(as, result);
  }
}
