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
  for (const part of ["package.json", "src/recipe.ts", "context", "mockgpu"])
    cpSync(join(PACKAGE, part), join(copy, part), { recursive: true });
  change(copy);
  const module: { imageSet: typeof imageSet } = await import(pathToFileURL(join(copy, "src/recipe.ts")).href);
  return module.imageSet(release, "amd64");
}

/** The images whose tags are others after a change. */
async function changedBy(change: (copy: string) => void): Promise<string[]> {
  const [before, after] = [imageSet(release, "amd64"), await imagesAfter(change)];
  return (["base", "mockgpu", "slurm", "db"] as const).filter((name) => before[name].tag !== after[name].tag);
}

const overwrite = (path: string) => (copy: string) => writeFileSync(join(copy, path), "something else\n");

test("a copy in another folder has the same tags", async () => {
  expect(await changedBy(() => {})).toEqual([]);
});

test.each([
  ["context/slurm/Dockerfile", ["slurm"]],
  ["context/db/Dockerfile", ["db"]],
  ["context/db/slurmlab.cnf", ["db"]],
  ["context/node/usr/lib/slurmlab/init", ["slurm", "db"]],
  ["mockgpu/Dockerfile", ["mockgpu", "slurm"]],
  ["mockgpu/nvml/nvml.h", ["mockgpu", "slurm"]],
  ["mockgpu/Makefile", ["mockgpu", "slurm"]],
  ["mockgpu/README.md", []],
])("another content of %s gives other tags to %j", async (path, images) => {
  expect(await changedBy(overwrite(path))).toEqual(images);
});

test("a program that is no longer executable gives other tags", async () => {
  const init = "context/node/usr/lib/slurmlab/init";
  expect(await changedBy((copy) => chmodSync(join(copy, init), 0o644))).toEqual(["slurm", "db"]);
});

test("permissions that an image does not keep change nothing", async () => {
  const init = "context/node/usr/lib/slurmlab/init";
  expect(await changedBy((copy) => chmodSync(join(copy, init), 0o700))).toEqual([]);
});

test("a file of another name gives other tags", async () => {
  const lib = "context/node/usr/lib/slurmlab";
  expect(await changedBy((copy) => renameSync(join(copy, lib, "look"), join(copy, lib, "looks")))).toEqual([
    "slurm",
    "db",
  ]);
});

test("a file more gives other tags, even an empty one", async () => {
  const down = "context/node/etc/slurmlab/sv/munged/down";
  expect(await changedBy((copy) => writeFileSync(join(copy, down), ""))).toEqual(["slurm", "db"]);
});
