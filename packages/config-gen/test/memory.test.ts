import fc from "fast-check";
import { expect, test } from "vitest";
import { parseMemoryMb } from "../src/index.ts";

test.each([
  ["512", 512],
  ["512M", 512],
  ["1G", 1024],
  ["2T", 2 * 1024 * 1024],
  ["1g", 1024],
  ["1GB", 1024],
  ["1GiB", 1024],
  ["1 G", 1024],
  [" 1G\n", 1024],
  ["0", 0],
])("%j is %i MiB", (text, mb) => {
  expect(parseMemoryMb(text)).toBe(mb);
});

test.each(["", "G", "lots", "1.5G", "-1G", "1K", "1GG", "1G 2G", "0x10", "1e3"])(
  "%j is no memory",
  (text) => {
    expect(parseMemoryMb(text)).toBeUndefined();
  },
);

test.each(["5B", "5iB"])("%j is not taken for 5 MiB", (text) => {
  expect(parseMemoryMb(text)).toBeUndefined();
});

test.each(["99999999999999999999T", "9".repeat(400)])("%j is more than any number of MiB", (text) => {
  expect(parseMemoryMb(text)).toBeUndefined();
});

test("a number and a unit are that number of that unit", () => {
  const units = fc.constantFrom(["M", 1], ["G", 1024], ["T", 1024 * 1024], ["", 1]) as fc.Arbitrary<
    [string, number]
  >;
  fc.assert(
    fc.property(fc.nat(1_000_000), units, (n, [unit, factor]) => {
      expect(parseMemoryMb(`${n}${unit}`)).toBe(n * factor);
    }),
  );
});

test("any text gives a whole number of MiB or nothing", () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^ ?[0-9]{0,30} ?[MGTKmgt]?i?B?$/));
  fc.assert(
    fc.property(text, (garbage) => {
      const mb = parseMemoryMb(garbage);
      expect(mb === undefined || (Number.isSafeInteger(mb) && mb >= 0)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
