import { afterEach, expect, test, vi } from "vitest";
import { hopeless, met, pending, timeScale, waitFor } from "../src/conditions/probe.ts";

const signal = new AbortController().signal;
afterEach(() => vi.unstubAllEnvs());

test("waiting ends with the value as soon as it is met", async () => {
  let looks = 0;
  const look = async () => (++looks < 3 ? pending("not yet") : met(looks));
  expect(await waitFor({ title: "three looks", look }, { withinMs: 5_000, everyMs: 1, signal })).toBe(3);
});

test("a wait that runs out says what was seen last", async () => {
  const waiting = waitFor(
    { title: "node c1 to be IDLE", look: async () => pending("DOWN, reason Not responding") },
    { withinMs: 20, everyMs: 5, signal },
  );
  await expect(waiting).rejects.toMatchObject({
    kind: "failed",
    expected: "node c1 to be IDLE",
    seen: "DOWN, reason Not responding",
  });
});

test("a hopeless sighting ends the wait at once", async () => {
  const waiting = waitFor(
    { title: "job 1 to be COMPLETED", look: async () => hopeless("FAILED") },
    { withinMs: 60_000, signal },
  );
  await expect(waiting).rejects.toMatchObject({ seen: expect.stringContaining("FAILED") });
});

test("an aborted wait rejects with the abort's reason", async () => {
  const waiting = waitFor(
    { title: "anything", look: async () => pending("") },
    { withinMs: 60_000, signal: AbortSignal.abort(new Error("Ctrl-C")) },
  );
  await expect(waiting).rejects.toThrow("Ctrl-C");
});

test("the time scale stretches deadlines and never shortens them", () => {
  expect([
    timeScale({ SLURMLAB_TIME_SCALE: "20" }),
    timeScale({ SLURMLAB_TIME_SCALE: "0.1" }),
    timeScale({}),
    timeScale({ SLURMLAB_TIME_SCALE: "x" }),
  ]).toEqual([20, 1, 1, 1]);
});
