import vm from "node:vm";

/** Calls `run` and stops it after a second: a test of a parser that loops fails here instead of hanging the suite. */
export function inASecond<T>(run: () => T): T {
  // Only node:vm can interrupt code that never yields; the code itself runs in this realm, so instanceof holds.
  return vm.runInNewContext("run()", { run }, { timeout: 1000 }) as T;
}
