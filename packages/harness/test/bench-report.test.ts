import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { type Figure, table } from "../bench/support/figures.ts";

const ratioMissed: Figure = {
  what: "up",
  unit: "s",
  value: 4,
  floor: { value: 2, what: "bare" },
  ratioGoal: 1.5,
};
const timeMissed: Figure = { what: "sinfo", unit: "ms", value: 250, goal: 200 };
const met: Figure = { ...ratioMissed, value: 2.8 };

/** A benchmark that reports these figures, as a process of its own. */
function benchmark(figures: readonly Figure[], ...flags: string[]) {
  const module = new URL("../bench/support/report.ts", import.meta.url).href;
  const script = `import(${JSON.stringify(module)}).then(({ report }) => report(${JSON.stringify(figures)}, { what: "bench", slurm: "24.11" }))`;
  return execa(process.execPath, ["--eval", script, "--", ...flags], { reject: false });
}

describe("a benchmark", () => {
  test("ends with 1 when a ratio to its floor is missed, and says which", async () => {
    const { exitCode, stderr } = await benchmark([met, ratioMissed]);
    expect([exitCode, stderr]).toEqual([1, "missed: up, at most 1.5 times its floor"]);
  });

  test("ends with 0 when a time alone is missed: that depends on the machine", async () => {
    const { exitCode, stdout } = await benchmark([met, timeMissed]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("| 250 ms (missed) |")]);
  });

  test("tells programs the ratio, and whether the goal is missed", async () => {
    const { stdout } = await benchmark([ratioMissed], "--json");
    expect(JSON.parse(stdout).figures).toEqual([{ ...ratioMissed, ratio: 2, missed: true }]);
  });

  test("is a table in Markdown with goal, figure, floor and ratio", () => {
    expect(table([met])).toBe(
      [
        "| what | goal                | figure | floor       | ratio |",
        "| ---- | ------------------- | ------ | ----------- | ----- |",
        "| up   | 1.5 times the floor | 2.8 s  | 2.0 s: bare | 1.40  |",
      ].join("\n"),
    );
  });
});
