import type { Watch } from "../conditions/watch.ts";
import { LabError } from "../errors/lab-error.ts";
import type { StepContext } from "../verbs/verb.ts";
import { runStep, type StepEvents, scenarioContext } from "./context.ts";
import type { LoadedScenario } from "./load.ts";
import { resolveReferences } from "./references.ts";

/** For a step that is told to end to end, and say for itself what it was at, in milliseconds. */
const LAST_WORDS_MS = 1_000;

/** Rejects some time after the signal was aborted, for what does not listen to it. */
function abandoned(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => setTimeout(() => reject(signal.reason), LAST_WORDS_MS).unref();
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
  try {
    await runWritten(scenario, step, events);
    for (const watch of step.watches.open) await endWatch(watch, events);
  } finally {
    await Promise.allSettled(step.watches.open.map((watch) => watch.end()));
  }
}

/** A watch that no step has ended lasts to here, and has a line of its own in the report. */
async function endWatch(watch: Watch, events: StepEvents): Promise<void> {
  const sentence = `it was never so that ${watch.claim}`;
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  const step = events.stepStarted(sentence);
  try {
    await watch.end();
    events.stepEnded(step, { sentence, seconds: seconds() });
  } catch (error) {
    if (error instanceof LabError) events.stepEnded(step, { sentence, seconds: seconds(), error });
    throw error;
  }
}

async function runWritten(scenario: LoadedScenario, step: StepContext, events: StepEvents): Promise<void> {
  const { file, body } = scenario;
  const { parameters } = scenario.settings;
  if (body.language === "typescript") {
    const { context, finish } = scenarioContext(step, events, { file, parameters });
    // A scenario may wait for something that never comes: Ctrl-C must still get through.
    await Promise.race([body.scenario.run(context), abandoned(step.signal)]);
    finish();
    return;
  }
  const results = new Map<string, unknown>(Object.entries(parameters));
  for (const { verb, input, as, line } of body.scenario.steps) {
    const resolved = resolveReferences(input, (name) => results.get(name));
    const where = `${file.split("/").slice(-2).join("/")}:${line}`;
    const result = await Promise.race([
      runStep(verb, resolved, { step, events, where }),
      abandoned(step.signal),
    ]);
    if (as) results.set(as, result);
  }
}
