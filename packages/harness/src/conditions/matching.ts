import { createContext, Script } from "node:vm";
import { LabError } from "../errors/lab-error.ts";
import { timeScale } from "./probe.ts";

/** How long a pattern may look, in milliseconds before the time scale: one without nested repetitions takes some tenths of a second for 16 MiB. */
const LOOK_MS = 5_000;

/**
 * Here and not by a call, as only what runs in a context of its own can be stopped: a pattern such as `(a+)+$` takes years for a
 * line of forty letters, and Ctrl-C would not be heard meanwhile.
 */
const LOOK = new Script("texts.findIndex((text) => pattern.test(text))");
const context = createContext({});

/** The number of the first text that a scenario's pattern matches, or -1. Bad input when the pattern does not come to an end. */
export function firstMatching(
  pattern: RegExp,
  texts: readonly string[],
  withinMs = LOOK_MS * timeScale(),
): number {
  Object.assign(context, { pattern, texts });
  try {
    return LOOK.runInContext(context, { timeout: withinMs }) as number;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    throw new LabError({
      kind: "bad-input",
      message: `the pattern ${pattern} does not come to an end`,
      expected: `an answer within ${withinMs / 1000} s`,
      seen: `none, for a text of ${texts.reduce((most, { length }) => Math.max(most, length), 0)} characters`,
      hint: "write it without a repetition inside another: a+ instead of (a+)+",
      cause: error,
    });
  } finally {
    Object.assign(context, { pattern: undefined, texts: undefined });
  }
}

/** Whether a scenario's pattern matches a text; as {@link firstMatching}. */
export function matching(pattern: RegExp, text: string): boolean {
  return firstMatching(pattern, [text]) === 0;
}
