import type { StepContext } from "../verbs/verb.ts";
import { runStep, type StepEvents, scenarioContext } from "./context.ts";
import type { LoadedScenario } from "./load.ts";
import { resolveReferences } from "./yaml.ts";

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

/** Runs a scenario's steps, whichever language they are written in. */
export async function runSteps(
  scenario: LoadedScenario,
  step: StepContext,
  events: StepEvents,
): Promise<void> {
  const { file, body } = scenario;
  if (body.language === "typescript") {
    const { context, finish } = scenarioContext(step, events, file);
    // A scenario may wait for something that never comes: Ctrl-C must still get through.
    await Promise.race([body.scenario.run(context), aborted(step.signal)]);
    finish();
    return;
  }
  const results = new Map<string, unknown>();
  for (const { verb, input, as, line } of body.scenario.steps) {
    const resolved = resolveReferences(input, (name) => results.get(name));
    const where = `${file.split("/").slice(-2).join("/")}:${line}`;
    const result = await runStep(verb, resolved, { step, events, where });
    if (as) results.set(as, result);
  }
}
