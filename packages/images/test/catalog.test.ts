import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CATALOG, DEFAULT_SLURM, findRelease } from "../src/index.ts";

test.each(CATALOG)("$slurm is found", (release) => {
  expect(findRelease(release.slurm)).toBe(release);
});

test.each([
  ["24.12", "24.11"],
  ["24.1", "24.11"],
  ["2605", "26.05"],
])("a release near one of the catalog, %s, is taken for %s", (slurm, near) => {
  expect(findRelease(slurm)).toEqual({
    severity: "error",
    path: "slurm",
    message: `no Slurm ${slurm} in the catalog, which has 20.11, 22.05, 24.11, 26.05`,
    hint: expect.stringContaining(`did you mean ${near}? `),
  });
});

test("a release like none of the catalog is told how to build it from source", () => {
  expect(findRelease("17.38")).toMatchObject({
    hint: expect.stringMatching(/^any other is built from its source/),
  });
});

test("the catalog names each release and each suite once, oldest first", () => {
  const releases = CATALOG.map(({ slurm }) => slurm);
  expect(releases).toEqual([...new Set(releases)].sort());
  expect(new Set(CATALOG.map(({ suite }) => suite)).size).toBe(CATALOG.length);
});

test("the default release is one of them", () => {
  expect(CATALOG.map(({ slurm }) => slurm)).toContain(DEFAULT_SLURM);
});

test("every release has golden configurations", () => {
  const golden = join(import.meta.dirname, "../../config-gen/test/golden");
  const releases = CATALOG.map(({ slurm }) => slurm);
  for (const spec of readdirSync(golden)) expect(readdirSync(join(golden, spec)).sort()).toEqual(releases);
});
