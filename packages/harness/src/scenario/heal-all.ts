import type { Faults } from "../faults/injected.ts";

/**
 * Heals what is still in, the newest first, and returns the first failure. `asStep` makes each a line of the report. An
 * interrupted run is torn down at once, broken as it is.
 */
export async function healAll(
  faults: Faults,
  signal: AbortSignal,
  asStep: (sentence: string, work: () => Promise<void>) => Promise<void>,
): Promise<unknown> {
  let first: unknown;
  for (const fault of signal.aborted ? [] : faults.stillIn) {
    const heal = () => faults.heal(fault, "run");
    await asStep(`healed at the end of the steps: ${fault.title}`, heal).catch((error: unknown) => {
      first ??= error;
    });
  }
  return first;
}
