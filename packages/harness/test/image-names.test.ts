import { describe, expect, test } from "vitest";
import { loadedNames, nameForEngine, nameFromEngine } from "../src/engine/image-names.ts";

const TAG = "slurmlab/db:24.11-ac484bc5a7a4";

describe("the name of an image of ours", () => {
  test("is under localhost/ for Podman, which would look for it on Docker Hub", () => {
    expect([nameForEngine(TAG, true), nameForEngine(TAG, false)]).toEqual([`localhost/${TAG}`, TAG]);
  });
  test("is without localhost/ for everything else", () => {
    expect(nameFromEngine(`localhost/${TAG}`)).toBe(TAG);
  });
});

test("the name of anybody else's image stays as it is", () => {
  const names = ["debian:trixie-slim", "localhost/other:1", "docker.io/slurmlab/db:1"];
  expect(names.map((name) => nameForEngine(name, true))).toEqual(names);
  expect(names.map(nameFromEngine)).toEqual(names);
});

test("Docker tells what it has loaded a line each, Podman in one line", () => {
  expect(loadedNames(`Loaded image: ${TAG}\n`)).toEqual([TAG]);
  expect(loadedNames(`Loaded image: localhost/${TAG},localhost/slurmlab/login:x`)).toEqual([
    TAG,
    "slurmlab/login:x",
  ]);
  expect(loadedNames("Loading layer")).toEqual([]);
});
