import { expect, test } from "vitest";
import { type Upgrade, upgrade } from "../src/index.ts";

test.each([
  ["19.05", "20.11"],
  ["20.02", "20.11"],
  ["20.11", "22.05"],
  ["21.08", "22.05"],
  ["21.08", "23.02"],
  ["22.05", "23.02"],
  ["22.05", "23.11"],
  ["23.02", "23.11"],
  ["23.02", "24.11"],
  ["23.11", "24.11"],
  ["24.05", "24.11"],
  ["23.11", "25.05"],
  ["24.11", "26.05"],
  ["25.05", "26.05"],
  ["25.11", "26.05"],
])("%s to %s is one jump inside the window", (from, to) => {
  expect(upgrade(from, to)).toEqual({ kind: "inside" });
});

test.each([
  ["20.11", "23.02"],
  ["20.11", "24.11"],
  ["22.05", "24.05"],
  ["22.05", "24.11"],
  ["23.11", "26.05"],
  ["24.05", "26.05"],
  ["19.05", "21.08"],
])("%s to %s is outside the window", (from, to) => {
  expect(upgrade(from, to).kind).toBe("outside");
});

test.each([
  ["22.05", "24.11", ["22.05", "23.11", "24.11"]],
  ["20.11", "26.05", ["20.11", "22.05", "23.11", "24.11", "26.05"]],
  ["22.05", "26.05", ["22.05", "23.11", "24.11", "26.05"]],
  ["19.05", "22.05", ["19.05", "20.11", "22.05"]],
])(
  "%s to %s takes the shortest ladder, over releases that can be tried here, else the newer",
  (from, to, ladder) => {
    expect(upgrade(from, to)).toEqual({ kind: "outside", ladder });
  },
);

test("every rung of a ladder is a jump inside the window", () => {
  const result = upgrade("19.05", "26.05");
  const ladder = result.kind === "outside" ? result.ladder : [];
  const kinds = ladder.slice(1).map((release, i) => upgrade(ladder[i] ?? "", release).kind);
  expect(kinds).toEqual(Array(5).fill("inside"));
});

test.each<[string, string, Upgrade]>([
  ["24.11", "24.11", { kind: "same" }],
  ["24.11", "22.05", { kind: "downgrade" }],
  ["26.05", "24.11", { kind: "downgrade" }],
  ["18.08", "20.11", { kind: "unknown", release: "18.08" }],
  ["24.11", "99.11", { kind: "unknown", release: "99.11" }],
  ["24.11", "soon", { kind: "unknown", release: "soon" }],
])("%s to %s is neither", (from, to, wanted) => {
  expect(upgrade(from, to)).toEqual(wanted);
});

test.each([
  ["24.11.5", "24.11.0", "same"],
  ["24.11.5", "26.05.1", "inside"],
  ["22.05.8", "24.11.5", "outside"],
])("patches do not count: %s to %s is %s", (from, to, kind) => {
  expect(upgrade(from, to).kind).toBe(kind);
});
