import { Readable } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { lastOf } from "../src/evidence/last-of.ts";

const NOTE = /^slurmlab: the first (\d+) bytes are left out\n/;

async function last(text: string, most: number, chunk = 3): Promise<string> {
  const bytes = Buffer.from(text);
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, at) =>
    bytes.subarray(at * chunk, (at + 1) * chunk),
  );
  return (await lastOf(Readable.from(chunks), most)).toString();
}

test("a text that is short enough is left as it is", async () => {
  expect(await last("one\ntwo\n", 8)).toBe("one\ntwo\n");
});

test("of a longer one the last lines are kept, whole, behind a word on what is missing", async () => {
  expect(await last("one\ntwo\nthree\n", 12)).toBe("slurmlab: the first 4 bytes are left out\ntwo\nthree\n");
});

test("whatever comes in whatever pieces, what is kept is the text's end, and the rest is counted", async () => {
  const lines = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "é", "\n") }), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(
      lines,
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 9 }),
      async (all, most, chunk) => {
        const text = all.join("\n");
        const kept = await last(text, most, chunk);
        const bytes = Buffer.from(text);
        if (bytes.length <= most) expect(kept).toBe(text);
        else {
          const leftOut = Number(NOTE.exec(kept)?.[1]);
          expect(bytes.length - leftOut).toBeLessThanOrEqual(most);
          expect(kept.replace(NOTE, "")).toBe(bytes.subarray(leftOut).toString());
        }
      },
    ),
  );
});
