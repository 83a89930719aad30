import { eachCall } from "../../src/engine/each-call.ts";
import type { Engine } from "../../src/engine/engine.ts";

/** An engine that counts the calls that are made of it, by their names. */
export function counted(engine: Engine): { engine: Engine; calls: Map<string, number> } {
  const calls = new Map<string, number>();
  const counting = eachCall(engine, (name, call) => {
    calls.set(name, (calls.get(name) ?? 0) + 1);
    return call();
  });
  return { engine: counting, calls };
}
