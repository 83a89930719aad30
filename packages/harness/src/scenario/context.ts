import { formatProblem } from "@slurmlab/config-gen";
import { LabError } from "../errors/lab-error.ts";
import { Unavailable } from "../errors/unavailable.ts";
import { VERBS } from "../verbs/index.ts";
import type { StepContext, Verb } from "../verbs/verb.ts";
import { methodName } from "./method-name.ts";
import type { ParameterValue } from "./parameters.ts";
import { parseInput } from "./parse-input.ts";
import type { ScenarioContext } from "./scenario.ts";

/** Told of each step as it begins and ends. */
export interface StepEvents {
  /** Awaited before a step is begun; what it rejects with is the step's failure. */
  beforeStep?(sentence: string): Promise<void>;
  /** Gives what names the step at its end: two of one sentence may go on at once. */
  stepStarted(sentence: string): number;
  stepEnded(
    step: number,
    outcome: { sentence: string; seconds: number; error?: LabError; leftOut?: boolean },
  ): void;
}

/**
 * The verbs as methods. Each call is one step: parsed, told, run, told again. `finish` is called when the scenario has
 * come to its end, and rejects one that forgot to await a step or swallowed a step's failure: neither may pass.
 */
export function scenarioContext(
  step: StepContext,
  events: StepEvents,
  scenario: { readonly file: string; readonly parameters: Readonly<Record<string, ParameterValue>> },
): { context: ScenarioContext; finish: () => void } {
  const { file, parameters } = scenario;
  const running = new Set<string>();
  let count = 0;
  let failure: unknown;
  const call = (verb: Verb, input: unknown) => {
    const where = callSite(file);
    const title = `${verb.name} (${where})`;
    running.add(title);
    count++;
    const work = runStep(verb, input, { step, events, where });
    // Handled here, so that a step that nobody awaits is told of by `finish` and not by the process.
    work.then(
      () => running.delete(title),
      (error) => {
        running.delete(title);
        failure ??= error;
      },
    );
    return work;
  };
  const methods = VERBS.map((verb) => [methodName(verb.name), (input: unknown) => call(verb as Verb, input)]);
  const { cluster, random } = step;
  const context = { ...Object.fromEntries(methods), cluster, random, parameters } as ScenarioContext;
  const finish = () => {
    if (failure) throw failure;
    const [forgotten] = running;
    const message = forgotten ? `the step ${forgotten} was not awaited` : "the scenario has no step";
    if (forgotten || count === 0) throw new LabError({ kind: "bad-input", message, where: file });
  };
  return { context, finish };
}

/** One step of a TypeScript or YAML scenario; `where` is the line that asks for it. */
export async function runStep(
  verb: Verb,
  input: unknown,
  run: { step: StepContext; events: StepEvents; where: string },
): Promise<unknown> {
  const { where } = run;
  run.step.signal.throwIfAborted();
  const parsed = parseInput(verb.schema, input);
  if (!parsed.ok) {
    const message = parsed.problems.map(formatProblem).join("; ");
    throw new LabError({ kind: "bad-input", message: `${verb.name}: ${message}`, where });
  }
  const sentence = verb.sentence(parsed.value);
  await run.events.beforeStep?.(sentence);
  const step = run.events.stepStarted(sentence);
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  const leftOut = verb.disturbs === true && run.step.withoutFault;
  try {
    if (verb.disturbs) {
      // Also when it is left out: a line of the start must not pass for its symptom.
      await run.step.logs.set(run.step.cluster);
      run.step.measures.disturb();
    }
    const result = leftOut
      ? await verb.leftOut?.(parsed.value, run.step)
      : await verb.run(parsed.value, run.step);
    const finding = leftOut ? undefined : verb.finding?.(result);
    const told = finding ? `${sentence}: ${finding}` : sentence;
    run.events.stepEnded(step, { sentence: told, seconds: seconds(), leftOut });
    return result;
  } catch (error) {
    const { signal } = run.step;
    // An interruption is nobody's failure; what a watch has seen is the failure of the step that it was seen in.
    if (signal.aborted && signal.reason?.kind !== "failed") throw signal.reason;
    if (error instanceof Unavailable) throw error;
    const placed = place(signal.aborted ? signal.reason : error, where);
    run.events.stepEnded(step, { sentence, seconds: seconds(), error: placed });
    throw placed;
  }
}

function place(error: unknown, where: string): LabError {
  if (!(error instanceof LabError)) {
    return new LabError({
      kind: "broken",
      message: (error as Error)?.message ?? String(error),
      where,
      cause: error,
    });
  }
  return error.as(error.kind, error.where ? `${where} (${error.where})` : where);
}

/** `scenarios/gpu-job.ts:31`: the line of the scenario's file that made the call. */
function callSite(file: string): string {
  const line = new Error().stack?.split("\n").find((frame) => frame.includes(file));
  const match = /:(\d+):\d+\)?$/.exec(line ?? "");
  const name = file.split("/").slice(-2).join("/");
  return match ? `${name}:${match[1]}` : name;
}
