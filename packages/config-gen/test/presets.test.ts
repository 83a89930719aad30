import { expect, test } from "vitest";
import { PRESET_TITLES, PRESETS, type PresetName, planCluster, workersOf } from "../src/index.ts";
import { planOf } from "./support/plan.ts";

const names = Object.keys(PRESETS) as PresetName[];

test("every preset has a title, and every title a preset", () => {
  expect(Object.keys(PRESET_TITLES)).toEqual(names);
});

test.each(
  names.flatMap((name) => ["20.11", "22.05", "24.11", "26.05"].map((slurm) => [name, slurm] as const)),
)("%s is right on Slurm %s", (name, slurm) => {
  expect(planCluster(PRESETS[name], { defaultSlurm: slurm })).toMatchObject({ ok: true });
});

test.each([
  ["minimal", 1],
  ["gpu", 2],
  ["ha", 2],
  ["accounting", 4],
  ["rest", 2],
  ["large", 64],
] as const)("%s has %i workers", (name, count) => {
  expect(workersOf(planOf(PRESETS[name]))).toHaveLength(count);
});
