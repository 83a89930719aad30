import { describe, expect, test } from "vitest";
import { firstMatching, matching } from "../src/conditions/matching.ts";

const NEVER_ENDING = /^(a+)+$/;
const LINE = `${"a".repeat(60)}!`;

describe("a scenario's pattern", () => {
  test("matches as it would anywhere", () => {
    expect([matching(/b$/, "ab"), matching(/b$/, "ba")]).toEqual([true, false]);
    expect(firstMatching(/^error/m, ["fine", "x\nerror: y", "error"])).toBe(1);
    expect(firstMatching(/x/, [])).toBe(-1);
  });

  test("that takes years is given up, and is the scenario's own mistake", () => {
    expect(() => firstMatching(NEVER_ENDING, ["", LINE], 50)).toThrow(
      expect.objectContaining({
        kind: "bad-input",
        message: "the pattern /^(a+)+$/ does not come to an end",
        seen: "none, for a text of 61 characters",
      }),
    );
  });

  test("that was given up leaves nothing behind for the next one", () => {
    expect(() => firstMatching(NEVER_ENDING, [LINE], 50)).toThrow();
    expect(matching(/a!$/, LINE)).toBe(true);
  });
});
