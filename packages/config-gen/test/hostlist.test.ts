import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compressHostlist, expandHostlist, HostlistError } from "../src/index.ts";
import { inASecond } from "./support/in-a-second.ts";

/** Where each failing run takes a second, shrinking the counterexample must come to an end. */
const IN_TIME = { interruptAfterTimeLimit: 10_000, markInterruptAsFailure: true };

describe("expanding", () => {
  test.each([
    ["c1", ["c1"]],
    ["c1,db", ["c1", "db"]],
    ["c[1-3,7],login", ["c1", "c2", "c3", "c7", "login"]],
    ["c[5]", ["c5"]],
    ["c[3,1,3]", ["c3", "c1", "c3"]],
    ["n[08-11]", ["n08", "n09", "n10", "n11"]],
    ["n[8-11]", ["n8", "n9", "n10", "n11"]],
    ["n[098-101]", ["n098", "n099", "n100", "n101"]],
    ["r[1-2]n[3-4]", ["r1n3", "r1n4", "r2n3", "r2n4"]],
    ["r[1-2]-ib", ["r1-ib", "r2-ib"]],
    ["[1-2]", ["1", "2"]],
    ["c1, c2", ["c1", "c2"]],
    ["c1,,c2,", ["c1", "c2"]],
  ])("%s gives the names in the order written", (expression, names) => {
    expect(expandHostlist(expression)).toEqual(names);
  });

  test.each([
    ["c[1-3", '"[" is never closed in "c[1-3"'],
    ["c1-3]", '"]" without "[" at character 5 of "c1-3]"'],
    ["c[1[2]]", '"[" inside "[" at character 4 of "c[1[2]]"'],
    ["", 'no name in ""'],
    [",,", 'no name in ",,"'],
    ["c[]", '"" in "c[]" is neither a number nor a range like 1-4'],
    ["c[a-b]", '"a-b" in "c[a-b]" is neither a number nor a range like 1-4'],
    ["c[1-2-3]", '"1-2-3" in "c[1-2-3]" is neither a number nor a range like 1-4'],
    ["c[4-1]", 'the range 4-1 in "c[4-1]" runs backwards'],
    ["c[1-100000]", 'more than 65536 hosts in "c[1-100000]"'],
    ["r[1-300]n[1-300]", 'more than 65536 hosts in "r[1-300]n[1-300]"'],
    ["c[1-40000],d[1-40000]", 'more than 65536 hosts in "c[1-40000],d[1-40000]"'],
  ])("%s is refused, and the message says what is wrong where", (expression, message) => {
    expect(() => expandHostlist(expression)).toThrow(new HostlistError(message));
  });

  test("exactly 65536 hosts are still expanded", () => {
    expect(expandHostlist("c[1-65536]")).toHaveLength(65_536);
  });

  test("numbers too long to count with are refused at once", () => {
    const expression = "c[99999999999999999999-99999999999999999999]";
    expect(() => inASecond(() => expandHostlist(expression))).toThrow(HostlistError);
  });

  test("thousands of brackets are no reason for another error", () => {
    expect(inASecond(() => expandHostlist("[1]".repeat(20_000)))).toEqual(["1".repeat(20_000)]);
  });

  test("thousands of large ranges in one bracket are refused at once", () => {
    const expression = `c[${"1-65536,".repeat(5000)}1]`;
    expect(() => inASecond(() => expandHostlist(expression))).toThrow(HostlistError);
  });
});

describe("compressing", () => {
  test.each([
    [["c1", "c2", "c3", "db"], "c[1-3],db"],
    [["c1", "c3", "c4"], "c[1,3-4]"],
    [["c9", "c10"], "c[9-10]"],
    [["c09", "c10"], "c[09-10]"],
    [["c9", "c010"], "c9,c010"],
    [["c3", "c2", "c1"], "c[3,2,1]"],
    [["c1", "c1"], "c[1,1]"],
    [["c1", "d1", "c2"], "c1,d1,c2"],
    [["db", "db"], "db,db"],
    [["r1n1", "r1n2", "r2n1"], "r1n[1-2],r2n1"],
    [["/dev/nvidia0", "/dev/nvidia1"], "/dev/nvidia[0-1]"],
    [[], ""],
  ])("%j becomes %s", (names, expression) => {
    expect(compressHostlist(names)).toBe(expression);
  });

  test("an unpadded and a padded neighbour do not share a range behind a wider number", () => {
    expect(expandHostlist(compressHostlist(["c10", "c8", "c09"]))).toEqual(["c10", "c8", "c09"]);
  });

  test("numbers too long to count with are not taken for neighbours", () => {
    const names = ["c9007199254740992", "c9007199254740993"];
    expect(inASecond(() => expandHostlist(compressHostlist(names)))).toEqual(names);
  });
});

describe("both ways", () => {
  const number = fc.oneof(
    fc.integer({ min: 0, max: 12 }).map(String),
    fc.integer({ min: 0, max: 12 }).map((n) => String(n).padStart(2, "0")),
    fc.integer({ min: 95, max: 105 }).map((n) => String(n).padStart(3, "0")),
    fc.stringMatching(/^[0-9]{14,18}$/),
  );
  const name = fc.tuple(fc.constantFrom("c", "n-", "r1n", ""), number).map(([prefix, n]) => prefix + n);

  test("a compressed list of names expands to the same list", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(name, fc.constant("db")), { minLength: 1 }), (names) => {
        expect(inASecond(() => expandHostlist(compressHostlist(names)))).toEqual(names);
      }),
      IN_TIME,
    );
  });

  const range = fc.oneof(
    number,
    fc
      .tuple(
        fc.integer({ min: 0, max: 120 }),
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 1, max: 4 }),
      )
      .map(([from, more, width]) => `${String(from).padStart(width, "0")}-${from + more}`),
  );
  const bracket = fc.array(range, { minLength: 1, maxLength: 3 }).map((ranges) => `[${ranges.join(",")}]`);
  const host = fc
    .array(fc.tuple(fc.constantFrom("c", "rack-", "n0"), fc.option(bracket, { nil: "" })), {
      minLength: 1,
      maxLength: 2,
    })
    .map((pieces) => pieces.flat().join(""));
  const hostlist = fc.array(host, { minLength: 1, maxLength: 4 }).map((hosts) => hosts.join(","));

  test("an expression compressed anew expands to the same list", () => {
    fc.assert(
      fc.property(hostlist, (expression) => {
        const names = inASecond(() => expandOrNothing(expression));
        expect(inASecond(() => expandOrNothing(compressHostlist(names)))).toEqual(names);
      }),
      IN_TIME,
    );
  });

  const garbage = fc.oneof(
    fc.string(),
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom("c", "[", "]", ",", "-", "0", "1", "9", " "), maxLength: 40 }),
    fc
      .tuple(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.nat(9))
      .map(([n, more]) => `c[${n}-${n + BigInt(more)}]`),
  );

  test("any text gives names or a HostlistError, within a second", () => {
    fc.assert(
      fc.property(garbage, (text) => {
        for (const host of inASecond(() => expandOrNothing(text))) expect(host).not.toMatch(/[[\]]/);
      }),
      { ...IN_TIME, numRuns: 1000 },
    );
  });
});

function expandOrNothing(text: string): string[] {
  try {
    return expandHostlist(text);
  } catch (error) {
    if (error instanceof HostlistError) return [];
    throw error;
  }
}
