import { EXIT, LabError, messageOf } from "../errors/lab-error.ts";
import type { Undo } from "../errors/undo.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * First Ctrl-C (or SIGTERM, SIGHUP): everything is told to stop, evidence is saved, the cluster is torn down. Second: leave
 * at once, saying what is left and the command that removes it.
 */
export function onInterrupt(
  undo: Undo,
  cluster: string,
  note: (line: string) => void,
): { signal: AbortSignal; done: () => void } {
  const controller = new AbortController();
  const handler = (name: NodeJS.Signals) => {
    if (!controller.signal.aborted) {
      note(`\n${name}: saving evidence and tearing down; once more to leave at once`);
      controller.abort(new LabError({ kind: "interrupted", message: name }));
      return;
    }
    const left = undo.pending;
    if (left.length > 0)
      note(`left undone: ${left.join(", ")}\nremove it with: pnpm cluster down ${cluster}`);
    process.off("exit", early);
    process.exit(EXIT.interrupted);
  };
  // An error that no one awaits (a scenario's timer, a forgotten promise) must not end the process either.
  const stray = (error: unknown) => {
    controller.abort(
      new LabError({
        kind: "broken",
        message: `an error that nobody awaited: ${messageOf(error)}`,
        cause: error,
      }),
    );
  };
  // A scenario that calls process.exit() would otherwise decide the exit code.
  const early = () => {
    note(`ended without a verdict; what is left is removed by: pnpm cluster down ${cluster}`);
    process.exitCode = EXIT.broken;
  };
  // Nothing else may be pending while a scenario's own promise is: an empty event loop would end the process.
  const alive = setInterval(() => {}, 60_000);
  for (const name of SIGNALS) process.on(name, handler);
  process.on("uncaughtException", stray);
  process.on("unhandledRejection", stray);
  process.on("exit", early);
  const done = () => {
    clearInterval(alive);
    for (const name of SIGNALS) process.off(name, handler);
    process.off("uncaughtException", stray);
    process.off("unhandledRejection", stray);
    process.off("exit", early);
  };
  return { signal: controller.signal, done };
}
