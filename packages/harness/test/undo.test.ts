import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { Undo } from "../src/errors/undo.ts";

test("undoing runs newest first", async () => {
  const undo = new Undo();
  const order: string[] = [];
  for (const name of ["network", "containers", "daemons"]) undo.add(name, async () => void order.push(name));
  await undo.run();
  expect(order).toEqual(["daemons", "containers", "network"]);
});

test("undoing goes on after a step that fails, and names it", async () => {
  const undo = new Undo();
  const done: string[] = [];
  undo.add("first", async () => void done.push("first"));
  undo.add("second", async () => {
    throw new Error("device busy");
  });
  expect(await undo.run()).toEqual(["second: device busy"]);
  expect(done).toEqual(["first"]);
});

test("what is pending is told newest first, and is empty after undoing", async () => {
  const undo = new Undo();
  undo.add("a", async () => {});
  undo.add("b", async () => {});
  expect(undo.pending).toEqual(["b", "a"]);
  await undo.run();
  expect(undo.pending).toEqual([]);
});

test("what fails after its time is over is named as late, and ends nothing", async () => {
  const undo = new Undo(20);
  const removal = Promise.withResolvers<void>();
  undo.add("network", () => removal.promise);
  undo.add("containers", () => new Promise(() => {}));
  expect(await undo.run()).toEqual(["containers: not done within 0.02 s", "network: not done within 0.02 s"]);
  // A rejection that nobody hears is told of within a turn of the event loop, and fails the run of the tests.
  removal.reject(new Error("in use"));
  await turn();
});
