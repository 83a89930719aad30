import type { Engine } from "./engine.ts";

/** The same engine, with something around each of its calls: `around` is given the call's name and makes it. */
export function eachCall(engine: Engine, around: (name: string, call: () => unknown) => unknown): Engine {
  return new Proxy(engine, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      return (...args: unknown[]) => around(String(name), () => member.apply(target, args));
    },
  });
}
