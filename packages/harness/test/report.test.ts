import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { RunRecord } from "../src/report/record.ts";

const recorded = (run: string): RunRecord =>
  JSON.parse(readFileSync(join(import.meta.dirname, "fixtures/runs", `${run}.json`), "utf8"));

/** The published schema, as another program would read it, and not the code that it was cut from. */
const published = z.fromJSONSchema(
  JSON.parse(readFileSync(join(import.meta.dirname, "../../../docs/schema/report.json"), "utf8")),
);

describe("the published JSON Schema of report.json", () => {
  test.each(["passed", "failed"])("takes the result of a real run that %s", (run) => {
    expect(published.safeParse(recorded(run).result).error).toBeUndefined();
  });
  test("refuses a field that it does not know", () => {
    const result = { ...recorded("passed").result, shcema: 2 };
    expect(published.safeParse(result).success).toBe(false);
  });
  test("refuses an event that is of no kind", () => {
    const { result } = recorded("passed");
    expect(published.safeParse({ ...result, journal: [{ at: 1, kind: "nothing" }] }).success).toBe(false);
  });
});
