import { setTimeout as pause } from "node:timers/promises";
import type { FaultContext } from "./fault.ts";

/**
 * Does something now, and again each time so many milliseconds have passed since, beside the steps, until it is healed. What is
 * registered before this is called mends what it leaves behind. A time that fails ends it, and healing rejects with that.
 */
export async function againAndAgain(
  title: string,
  everyMs: number,
  work: () => Promise<void>,
  { heals, cluster }: Pick<FaultContext, "heals" | "cluster">,
): Promise<void> {
  const stopped = new AbortController();
  const signal = AbortSignal.any([stopped.signal, cluster.signal]);
  let going = Promise.resolve();
  heals(title, async () => {
    stopped.abort();
    await going;
  });
  await work();
  going = (async () => {
    while (await passed(everyMs, signal)) await work();
  })();
  // It is told of when it is healed.
  going.catch(() => {});
}

/** False when the time was cut short. */
async function passed(ms: number, signal: AbortSignal): Promise<boolean> {
  return await pause(ms, true, { signal }).catch(() => false);
}
