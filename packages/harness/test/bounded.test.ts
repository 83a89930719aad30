import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boundedText } from "../src/engine/bounded-text.ts";
import { clipped } from "../src/errors/clipped.ts";
import { LabError } from "../src/errors/lab-error.ts";

describe("a program's output", () => {
  const read = (chunks: readonly string[], most: number) =>
    boundedText(
      Readable.from(
        chunks.map((chunk) => Buffer.from(chunk)),
        { objectMode: true },
      ),
      most,
    );

  test("is all there as long as it fits", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: "binary-ascii" })), async (chunks) => {
        expect(await read(chunks, 10_000)).toBe(chunks.join(""));
      }),
    );
  });

  test("is cut where it floods, and says how much was left out", async () => {
    expect(await read(["12345", "67890", "abc"], 7)).toBe(
      "1234567\n[slurmlab left out 6 bytes behind this]\n",
    );
  });
});

describe("what an error shows of a long text", () => {
  test("is its beginning and its end, and how much is between them", () => {
    expect(clipped("a".repeat(10) + "b".repeat(10), 6)).toBe("aaa\n[14 characters left out]\nbbb");
  });

  test("is all of one that is not long", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 50 }), (text) => {
        expect(clipped(text, 50)).toBe(text);
      }),
    );
  });

  test("never makes a message that nobody can print", () => {
    const error = new LabError({ kind: "failed", message: "m", seen: "x".repeat(50_000_000), expected: "y" });
    expect(error.seen?.length).toBeLessThan(21_000);
  });
});
