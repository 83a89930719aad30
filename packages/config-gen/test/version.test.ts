import fc from "fast-check";
import { expect, test } from "vitest";
import { compareVersions, majorOf, parseVersion, type SlurmVersion, since } from "../src/index.ts";

test.each([
  ["24.11", { year: 24, month: 11 }],
  ["24.11.5", { year: 24, month: 11, patch: 5 }],
  ["slurm 22.05.8", { year: 22, month: 5, patch: 8 }],
  ["slurm-wlm 24.11.5", { year: 24, month: 11, patch: 5 }],
  ["slurm-wlm 24.11.5\n", { year: 24, month: 11, patch: 5 }],
  ["slurm-wlm 24.11.5-4+b1", { year: 24, month: 11, patch: 5 }],
  ["slurm 26.05.0~rc1", { year: 26, month: 5, patch: 0 }],
  ["slurm 20.11.10", { year: 20, month: 11, patch: 10 }],
])("%j is read", (text, version) => {
  expect(parseVersion(text)).toEqual(version);
});

test.each(["", "slurm-wlm", "24", "24.1", "2024.11", "v24.11", "24.110", "24.11.x", "10.0.0.124.11"])(
  "%j has no version in it",
  (text) => {
    expect(parseVersion(text)).toBeUndefined();
  },
);

test("a release's name is its version without the patch, the month with two digits", () => {
  expect(majorOf({ year: 22, month: 5, patch: 8 })).toBe("22.05");
});

test("a patch that is not there counts as 0", () => {
  expect(compareVersions({ year: 24, month: 11 }, { year: 24, month: 11, patch: 0 })).toBe(0);
});

test.each([
  ["24.11", "24.11", true],
  ["24.11.5", "24.11", true],
  ["26.05", "24.11", true],
  ["22.05", "21.08", true],
  ["20.11", "21.08", false],
  ["23.02", "23.11", false],
  ["24.11.5", "24.11.6", false],
])("%s is %s or newer: %s", (version, release, answer) => {
  expect(since(version, release)).toBe(answer);
});

test("a condition on something that is no version names it", () => {
  expect(() => since("newest", "23.11")).toThrow(new TypeError("not a Slurm version: newest"));
});

test("a condition with a misspelt release names the release", () => {
  expect(() => since("24.11", "2311")).toThrow(new TypeError("not a Slurm version: 2311"));
});

const version: fc.Arbitrary<SlurmVersion> = fc.record(
  { year: fc.nat(99), month: fc.nat(99), patch: fc.nat(20) },
  { requiredKeys: ["year", "month"] },
);

test("a version that is written out is read back", () => {
  fc.assert(
    fc.property(
      version.filter(({ year }) => year > 9),
      (v) => {
        const text = v.patch === undefined ? majorOf(v) : `${majorOf(v)}.${v.patch}`;
        expect(parseVersion(`slurm-wlm ${text}`)).toEqual(v);
      },
    ),
  );
});

test("of two versions one is newer, whichever is asked first", () => {
  fc.assert(
    fc.property(version, version, (a, b) => {
      expect(Math.sign(compareVersions(a, b))).toBe(0 - Math.sign(compareVersions(b, a)));
    }),
  );
});

test("versions have one order", () => {
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      fc.pre(compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0);
      expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
    }),
  );
});

test("any text gives a version with numbers in it, or none", () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom("2", "4", "1", ".", " ", "-", "s", "\n") }),
  );
  fc.assert(
    fc.property(text, (garbage) => {
      const found = parseVersion(garbage);
      expect(Object.values(found ?? {}).every(Number.isInteger)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
