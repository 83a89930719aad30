import fc from "fast-check";
import { expect, test } from "vitest";
import { nearest } from "../src/index.ts";

const WORDS = ["slurmctld", "slurmdbd", "database", "login", "slurmd"];

test.each([
  ["slrumd", "slurmd"],
  ["logn", "login"],
  ["SLURMCTLD", "slurmctld"],
  ["slurmctl", "slurmctld"],
  ["databse", "database"],
  ["slurmd", "slurmd"],
])("%s finds %s", (word, found) => {
  expect(nearest(word, WORDS)).toBe(found);
});

test("a swap of neighbours is near even in a word of three letters", () => {
  expect(nearest("dbd", ["ddb"])).toBe("ddb");
});

test("the case of a known word does not matter either", () => {
  expect(nearest("a100", ["a10", "A100"])).toBe("A100");
});

test("a third of a long word may differ", () => {
  expect(nearest("slurmcxyz", ["slurmctld"])).toBe("slurmctld");
});

test("more than a third of a long word may not differ", () => {
  expect(nearest("slurmwxyz", ["slurmctld"])).toBeUndefined();
});

test.each(["xyz", "worker", ""])("%j finds nothing", (word) => {
  expect(nearest(word, WORDS)).toBeUndefined();
});

test("a word that shares no letter is not suggested, however short", () => {
  expect(nearest("ab", ["xy"])).toBeUndefined();
});

test("of two words equally near, the one listed first is meant", () => {
  expect(nearest("cat", ["bat", "hat"])).toBe("bat");
});

test("the nearest word wins over one listed before it", () => {
  expect(nearest("slurmdb", ["slurmd", "slurmdbs", "slurmdb"])).toBe("slurmdb");
});

test("a known word is its own nearest", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.stringMatching(/^[a-z-]{1,12}$/), { minLength: 1 }),
      fc.nat(),
      (known, n) => {
        const word = known[n % known.length] ?? "";
        expect(nearest(word, known)).toBe(word);
      },
    ),
  );
});

test("whatever is asked, only a known word is suggested", () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string()), (word, known) => {
      expect([undefined, ...known]).toContain(nearest(word, known));
    }),
  );
});
