import { EXIT, LabError, messageOf } from "../errors/lab-error.ts";
import type { Undo } from "../errors/undo.ts";

/** What tells a process to end. */
export const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A run's cluster and what is to be undone of it. */
export interface RunningCluster {
  readonly id: string;
  readonly undo: Undo;
}

/**
 * First Ctrl-C (or SIGTERM, SIGHUP): everything is told to stop, evidence is saved, the cluster is torn down. Second: leave
 * at once, saying what is left and the command that removes it. `runs` are those that go on just then.
 */
export function onInterrupt(
  runs: readonly RunningCluster[],
  note: (line: string) => void,
): { signal: AbortSignal; done: () => void } {
  const controller = new AbortController();
  const handler = (name: NodeJS.Signals) => {
    if (!controller.signal.aborted) {
      note(`\n${name}: saving evidence and tearing down; once more to leave at once`);
      controller.abort(new LabError({ kind: "interrupted", message: name }));
      return;
    }
    for (const { id, undo } of runs) {
      if (undo.pending.length > 0)
        note(
          `left undone: ${undo.pending.join(", ")}\nit is removed within seconds; should it not be: pnpm cluster down ${id}`,
        );
    }
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
    const ids = runs.map((run) => run.id).join(" ");
    note(
      `ended without a verdict; what is left is removed within seconds; should it not be: pnpm cluster down ${ids}`,
    );
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
