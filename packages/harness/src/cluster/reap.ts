import { setTimeout as pause } from "node:timers/promises";
import { lookForEngine } from "../engine/find.ts";
import { sweep } from "./sweep.ts";

// The program that `reaper.ts` becomes. What belongs to somebody who lives, to another machine, or is kept, it leaves alone.

/** Nothing may have been left for so long before it goes: a container that was asked for is made after its asker has died. */
const QUIET_MS = 5_000;

/** An engine that does not answer, because it is being started again, is waited for so long. */
const PATIENCE_MS = 120_000;

const EVERY_MS = 500;

const begun = performance.now();
let quietSince = begun;
while (performance.now() - quietSince < QUIET_MS && performance.now() - begun < PATIENCE_MS) {
  if (await somethingIsLeft()) quietSince = performance.now();
  await pause(EVERY_MS);
}

/** Removes what there is. True when there was something, or when nobody could be asked. */
async function somethingIsLeft(): Promise<boolean> {
  try {
    const found = await lookForEngine(process.env);
    if (!found) return true;
    const { removed, failures } = await sweep(found.engine);
    return removed.length + failures.length > 0;
  } catch {
    return true;
  }
}
