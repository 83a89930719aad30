import { setTimeout as pause } from "node:timers/promises";
import { LabError } from "../errors/lab-error.ts";

/** What one look showed: it is so; not yet, and what was seen; or it can never come true, and why. */
export type Sighting<T> =
  | { readonly is: "met"; readonly value: T }
  | { readonly is: "pending"; readonly saw: string }
  | { readonly is: "hopeless"; readonly why: string };

export const met = <T>(value: T): Sighting<T> => ({ is: "met", value });
export const pending = (saw: string): Sighting<never> => ({ is: "pending", saw });
export const hopeless = (why: string): Sighting<never> => ({ is: "hopeless", why });

/** Looks once. */
export interface Probe<T> {
  /** What is waited for, as it stands after "expected": `node g1 to be IDLE`. */
  readonly title: string;
  look(): Promise<Sighting<T>>;
}

export interface WaitOptions {
  /** Milliseconds, before the time scale. */
  readonly withinMs: number;
  /** Pause between looks. */
  readonly everyMs?: number;
  readonly signal: AbortSignal;
}

/**
 * Stretches every deadline: `SLURMLAB_TIME_SCALE=20` on a machine twenty times slower. Never shortens one.
 */
export function timeScale(env: NodeJS.ProcessEnv = process.env): number {
  const scale = Number(env.SLURMLAB_TIME_SCALE ?? 1);
  return Number.isFinite(scale) && scale >= 1 ? scale : 1;
}

/** Looks until it is met. Rejects with the last sighting when time runs out, and at once when it is hopeless. */
export async function waitFor<T>(probe: Probe<T>, options: WaitOptions): Promise<T> {
  const limit = options.withinMs * timeScale();
  const start = performance.now();
  let saw = "nothing yet";
  for (;;) {
    options.signal.throwIfAborted();
    const sighting = await probe.look();
    if (sighting.is === "met") return sighting.value;
    if (sighting.is === "hopeless")
      throw unmet(probe.title, `${sighting.why}, so it can no longer come true`, start);
    saw = sighting.saw;
    if (performance.now() - start > limit) throw unmet(probe.title, saw, start, limit);
    await pause(options.everyMs ?? 50, undefined, { signal: options.signal });
  }
}

function unmet(title: string, seen: string, start: number, limit?: number): LabError {
  const spent = `${((performance.now() - start) / 1000).toFixed(1)} s`;
  return new LabError({
    kind: "failed",
    message:
      limit === undefined ? `${title}: given up after ${spent}` : `${title}: not within ${limit / 1000} s`,
    expected: title,
    seen,
  });
}
