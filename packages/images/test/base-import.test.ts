import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { execa } from "execa";
import { expect, test } from "vitest";
import { importWhileMade } from "../src/base.ts";
import { FakeImageEngine } from "./support/fake-image-engine.ts";

// A root file system that is imported while it is made, by a program that writes more than a pipe holds.

class ImportingEngine extends FakeImageEngine {
  importing: (rootfs: Readable) => Promise<void> = async (rootfs) => {
    this.imported = (await buffer(rootfs)).length;
  };
  imported = 0;

  override async importImage(rootfs: Readable, tag: string): Promise<void> {
    this.log.push("import");
    await this.importing(rootfs);
    this.images.add(tag);
  }
}

const BASE = { tag: "slurmlab/base:trixie-0123456789ab" };
const BYTES = 1_000_000;

function making(script: string) {
  const unread = new AbortController();
  const stopping = new AbortController();
  const program = execa("sh", ["-c", script], {
    cancelSignal: AbortSignal.any([unread.signal, stopping.signal]),
    buffer: { stdout: false },
    encoding: "buffer",
  });
  return {
    program,
    stop: () => stopping.abort(new Error("Ctrl-C")),
    end: { signal: stopping.signal, unread },
  };
}

test("all of it is imported, under the base's tag and no other", async () => {
  const engine = new ImportingEngine();
  const { program, end } = making(`head -c ${BYTES} /dev/zero`);
  await importWhileMade(engine, BASE, program, end);
  expect(engine.imported).toBe(BYTES);
  expect([...engine.images]).toEqual([BASE.tag]);
});

test("the engine is not asked before there is something to import", async () => {
  const engine = new ImportingEngine();
  const { program, end } = making("read go; echo made");
  const importing = importWhileMade(engine, BASE, program, end);
  await new Promise((turn) => setImmediate(turn));
  const before = [...engine.log];
  program.stdin.end("go\n");
  await importing;
  expect([before, engine.log[0]]).toEqual([[], "import"]);
});

test("an import that fails ends what nobody reads any more, and is the reason", async () => {
  const engine = new ImportingEngine();
  engine.importing = async () => {
    throw new Error("the engine hung up");
  };
  const { program, end } = making(`head -c ${BYTES} /dev/zero`);
  await expect(importWhileMade(engine, BASE, program, end)).rejects.toThrow("the engine hung up");
  await expect(program).rejects.toMatchObject({ isCanceled: true });
});

test("a program that fails is the reason with the time that was waited, and nothing is left", async () => {
  const engine = new ImportingEngine();
  const { program, end } = making("echo half; exit 25");
  await expect(importWhileMade(engine, BASE, program, end)).rejects.toThrow(
    /^mmdebstrap ended with exit code 25 \(waited \d+ s\)$/,
  );
  expect([...engine.images]).toEqual([]);
});

test("a program that ends without a word is imported by nobody", async () => {
  const engine = new ImportingEngine();
  const { program, end } = making("exit 25");
  await expect(importWhileMade(engine, BASE, program, end)).rejects.toThrow(/exit code 25/);
});
