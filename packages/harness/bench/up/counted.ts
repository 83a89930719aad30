import type { Engine } from "../../src/engine/engine.ts";

/** An engine that counts the calls that are made of it, by their names. */
export function counted(engine: Engine): { engine: Engine; calls: Map<string, number> } {
  const calls = new Map<string, number>();
  const counting = new Proxy(engine, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      return (...args: unknown[]) => {
        calls.set(String(name), (calls.get(String(name)) ?? 0) + 1);
        return member.apply(target, args);
      };
    },
  });
  return { engine: counting, calls };
}
