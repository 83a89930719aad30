import { timeScale } from "../conditions/probe.ts";
import { LabError } from "../errors/lab-error.ts";

/** The longest that a timer of Node's can wait, in milliseconds; nothing that is longer is ever reached. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** A scenario's time, running. */
export interface Deadline {
  /** Aborted when the time is up, or when the run's own signal is. */
  readonly signal: AbortSignal;
  /** Stops the clock. */
  stop(): void;
}

/** Starts the clock of a deadline, stretched by the time scale. `doing` says what the run is at, for the error. */
export function startDeadline(
  deadlineMs: number,
  run: { readonly signal: AbortSignal; readonly doing: () => string },
): Deadline {
  const ms = deadlineMs * timeScale();
  if (ms > LONGEST_TIMER) return { signal: run.signal, stop: () => {} };
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(passed(ms, run.doing())), ms);
  return { signal: AbortSignal.any([run.signal, controller.signal]), stop: () => clearTimeout(timer) };
}

function passed(ms: number, doing: string): LabError {
  return new LabError({
    kind: "failed",
    message: `the deadline of ${ms / 1000} s has passed`,
    expected: "the cluster to start and all steps to end before it",
    seen: doing,
    hint: "what was waited for is in the evidence; if it only needs longer, give the scenario a `deadline:`, or `--time-scale 3` on a slow machine",
  });
}
