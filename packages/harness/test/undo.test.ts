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
