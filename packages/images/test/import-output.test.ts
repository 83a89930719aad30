import { execa } from "execa";
import { expect, test } from "vitest";
import { importOutput, NotTaken } from "../src/import-output.ts";

// What prints is a real program, so that what becomes of it can be seen.

const signal = new AbortController().signal;
const node = (script: string) =>
  execa(process.execPath, ["-e", script], { buffer: { stdout: false }, encoding: "buffer", reject: false });
const PRINTS_FOR_EVER = "setInterval(() => process.stdout.write('x'.repeat(65536)), 1)";

test("a program whose output the engine stops taking is ended, and the engine's reason is kept", async () => {
  const making = node(PRINTS_FOR_EVER);
  const reason = new Error("socket hang up");
  const engine = { importImage: () => Promise.reject(reason) };
  const error = await importOutput(engine, making.stdout, "base", signal).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(NotTaken);
  expect((error as Error).cause).toBe(reason);
  expect((await making).failed).toBe(true);
});

test("the engine is not asked before there is something to send", async () => {
  const making = node("process.stdin.once('data', () => process.stdout.end('tar'))");
  let asked = false;
  const engine = {
    importImage: async (rootfs: AsyncIterable<Buffer>) => {
      asked = true;
      for await (const chunk of rootfs) expect(chunk.toString()).toBe("tar");
    },
  };
  const imported = importOutput(engine as never, making.stdout, "base", signal);
  expect(asked).toBe(false);
  making.stdin.write("go");
  await imported;
  expect(asked).toBe(true);
});

test("a failure after the whole output has been read is left to the program to explain", async () => {
  const making = node("process.stdout.end('half a tar')");
  const reason = new Error("unexpected EOF");
  const engine = {
    importImage: async (rootfs: AsyncIterable<Buffer>) => {
      for await (const _ of rootfs);
      throw reason;
    },
  };
  const error = await importOutput(engine as never, making.stdout, "base", signal).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBe(reason);
});
