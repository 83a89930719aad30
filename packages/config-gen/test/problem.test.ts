import { expect, test } from "vitest";
import { formatProblem, type Problem } from "../src/index.ts";

const problem: Problem = { severity: "error", path: "nodes[0].cpus", message: "is missing" };

test.each([
  [problem, "nodes[0].cpus: is missing"],
  [{ ...problem, path: "" }, "is missing"],
  [{ ...problem, hint: "expected number" }, "nodes[0].cpus: is missing (expected number)"],
  [{ ...problem, place: { file: "a.yaml", line: 4, column: 12 } }, "a.yaml:4:12: nodes[0].cpus: is missing"],
])("a problem is one line, with as much as is known (%#)", (given, line) => {
  expect(formatProblem(given)).toBe(line);
});
