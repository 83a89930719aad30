import { expect, test } from "vitest";
import type { StoredImage } from "../src/engine.ts";
import { prunable } from "../src/prune.ts";

const image = (tags: string[], labels: Record<string, string> = {}): StoredImage => ({
  id: `sha256:${tags.join()}`,
  tags,
  labels,
  size: 1,
  created: 0,
});
const wanted = new Set(["slurmlab/slurmd:24.11-aaaaaaaaaaaa"]);
const pruned = (images: StoredImage[], all = false) =>
  prunable(images, wanted, { all }).map(({ name }) => name);

test("what this checkout asks for stays, and what is made otherwise goes", () => {
  expect(
    pruned([image(["slurmlab/slurmd:24.11-aaaaaaaaaaaa"]), image(["slurmlab/slurmd:24.11-bbbbbbbbbbbb"])]),
  ).toEqual(["slurmlab/slurmd:24.11-bbbbbbbbbbbb"]);
});

test("images of others stay, whatever they are called", () => {
  expect(pruned([image(["debian:trixie-slim"]), image(["my/slurmlab/slurmd:1"]), image([])], true)).toEqual(
    [],
  );
});

test("remains of a build that was killed go", () => {
  expect(prunable([image(["slurmlab/base:trixie-aa-unfinished"])], wanted, { all: false })).toMatchObject([
    { why: "a build that was killed left it" },
  ]);
});

test("an image of ours that has lost its tag goes, by its id", () => {
  expect(pruned([image([], { "slurmlab.image.role": "slurmd" })])).toEqual(["sha256:"]);
});

test("an image that was built from source stays, unless all are to go", () => {
  const own = image(["slurmlab/slurmd:22.05.8-cccccccccccc"], { "slurmlab.image.origin": "source" });
  expect(pruned([own])).toEqual([]);
  expect(pruned([own], true)).toEqual(["slurmlab/slurmd:22.05.8-cccccccccccc"]);
});

test("of an image with two tags, only the one that is ours and old goes", () => {
  expect(pruned([image(["slurmlab/db:old", "keep/db:1"])])).toEqual(["slurmlab/db:old"]);
});
