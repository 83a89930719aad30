import { EXIT, LabError } from "../errors/lab-error.ts";
import type { Undo } from "../errors/undo.ts";

/**
 * First Ctrl-C (or SIGTERM): everything is told to stop, evidence is saved, the cluster is torn down. Second: leave
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
    process.exit(EXIT.interrupted);
  };
  process.on("SIGINT", handler);
  process.on("SIGTERM", handler);
  const done = () => {
    process.off("SIGINT", handler);
    process.off("SIGTERM", handler);
  };
  return { signal: controller.signal, done };
}
