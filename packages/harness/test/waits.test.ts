import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Waits } from "../src/cluster/waits.ts";
import type { Engine } from "../src/engine/engine.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

const pass = (seconds: number) => vi.advanceTimersByTime(seconds * 1000);

/** Something that is waited for until it is ended by hand. */
function begin(waits: Waits, whom?: "slurm" | "engine") {
  const { promise, resolve } = Promise.withResolvers<void>();
  const over = waits.during(promise, whom);
  return async () => {
    resolve();
    await over;
  };
}

describe("a run's waits", () => {
  test("that overlap count once", async () => {
    const waits = new Waits();
    const first = begin(waits);
    pass(1);
    const second = begin(waits);
    pass(2);
    await first();
    pass(3);
    await second();
    pass(10);
    expect(waits.seconds("slurm")).toBe(6);
  });

  test("for Slurm go before those for the engine", async () => {
    const waits = new Waits();
    const call = begin(waits, "engine");
    pass(1);
    const job = begin(waits);
    pass(2);
    await job();
    pass(4);
    await call();
    expect([waits.seconds("slurm"), waits.seconds("engine")]).toEqual([2, 5]);
  });

  test("count up to now while they last", () => {
    const waits = new Waits();
    begin(waits);
    pass(3);
    expect(waits.seconds("slurm")).toBe(3);
  });

  test("that fail count as well, and fail", async () => {
    const waits = new Waits();
    const { promise, reject } = Promise.withResolvers<void>();
    const over = waits.during(promise, "engine");
    pass(2);
    reject(new Error("gone"));
    await expect(over).rejects.toThrow("gone");
    expect(waits.seconds("engine")).toBe(2);
  });

  test("are the engine's for its calls, and Slurm's for programs in nodes", async () => {
    const waits = new Waits();
    const calls = { inspectContainer: promiseOf(2), exec: promiseOf(3) };
    const engine = waits.counting(calls as unknown as Engine);
    await engine.inspectContainer("c1");
    await engine.exec("c1", ["sinfo"]);
    pass(5);
    expect([waits.seconds("slurm"), waits.seconds("engine")]).toEqual([3, 2]);
  });
});

/** A call that takes so many seconds. */
function promiseOf(seconds: number) {
  return async () => {
    await Promise.resolve();
    pass(seconds);
  };
}
