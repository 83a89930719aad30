import { chmodSync, cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findRelease, type ImageSet, imageSet, type SlurmRelease } from "../src/index.ts";

// Recipes read this package's own files, so each test changes one in a copy of the package and asks the copy.

const PACKAGE = join(import.meta.dirname, "..");
const release = findRelease("24.11") as SlurmRelease;
let root: string;
let copies = 0;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "recipes-"));
});

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

async function imagesAfter(change: (copy: string) => void): Promise<ImageSet> {
  const copy = join(root, String(copies++));
  for (const part of ["package.json", "src", "context", "mockgpu"])
    cpSync(join(PACKAGE, part), join(copy, part), { recursive: true });
  change(copy);
  const module: { imageSet: typeof imageSet } = await import(pathToFileURL(join(copy, "src/recipe.ts")).href);
  return module.imageSet(release, "amd64");
}

/** Whether a change gives the images other tags. All of a release change together: its build makes only what differs. */
async function differs(change: (copy: string) => void): Promise<boolean> {
  const [before, after] = [imageSet(release, "amd64"), await imagesAfter(change)];
  expect(after.base.tag).toBe(before.base.tag);
  return before.tags.slurmd !== after.tags.slurmd;
}

const overwrite = (path: string) => (copy: string) => writeFileSync(join(copy, path), "something else\n");

test("a copy in another folder has the same tags", async () => {
  expect(await differs(() => {})).toBe(false);
});

test.each([
  ["context/Dockerfile", true],
  ["context/build/install", true],
  ["context/db/slurmlab.cnf", true],
  ["context/node/usr/lib/slurmlab/init", true],
  ["mockgpu/nvml/nvml.h", true],
  ["mockgpu/Makefile", true],
  ["mockgpu/README.md", false],
])("another content of %s gives other tags: %j", async (path, others) => {
  expect(await differs(overwrite(path))).toBe(others);
});

const init = "context/node/usr/lib/slurmlab/init";

test("a program that is no longer executable gives other tags", async () => {
  expect(await differs((copy) => chmodSync(join(copy, init), 0o644))).toBe(true);
});

test("permissions that an image does not keep change nothing", async () => {
  expect(await differs((copy) => chmodSync(join(copy, init), 0o700))).toBe(false);
});

test("a file of another name gives other tags", async () => {
  const lib = "context/node/usr/lib/slurmlab";
  expect(await differs((copy) => renameSync(join(copy, lib, "look"), join(copy, lib, "looks")))).toBe(true);
});

test("a file more gives other tags, even an empty one", async () => {
  const down = "context/node/etc/slurmlab/sv/munged/down";
  expect(await differs((copy) => writeFileSync(join(copy, down), ""))).toBe(true);
});
