import { describe, expect, test } from "vitest";
import {
  CATALOG,
  compiledVersion,
  findRelease,
  IMAGE_ROLES,
  imageSet,
  nearestRelease,
  releaseFor,
  type SlurmRelease,
  type SlurmSource,
  sourceImageSet,
} from "../src/index.ts";
import { PACKAGE_WORDS, SOURCE_WORDS } from "../src/roles.ts";

const SOURCE: SlurmSource = {
  version: "22.05.8",
  sha256: "8c".repeat(32),
  file: "slurm-22.05.8.tar.bz2",
  configure: [],
  suite: "bookworm",
};
const set = sourceImageSet(SOURCE, "amd64");
const other = (change: Partial<SlurmSource>) => sourceImageSet({ ...SOURCE, ...change }, "amd64");

describe("a version", () => {
  test("with a patch level is one that is compiled, and a release is not", () => {
    expect(["22.05.8", "25.11.0-0rc1", "22.05", "newest", "22.05.8.1"].map(compiledVersion)).toEqual([
      "22.05.8",
      "25.11.0-0rc1",
      undefined,
      undefined,
      undefined,
    ]);
  });

  test("is planned as its own release, or as the newest older one that something is known of", () => {
    const known = ["20.11", "22.05", "24.11"];
    expect(["22.05.8", "23.11.10", "26.11.0", "19.05.1"].map((each) => releaseFor(each, known))).toEqual([
      "22.05",
      "22.05",
      "24.11",
      undefined,
    ]);
  });

  test("is compiled on the suite of the release that is nearest in time", () => {
    const suites = ["22.05.8", "24.11.5", "23.02.7", "23.11.10", "30.05.0"].map(
      (each) => nearestRelease(each).suite,
    );
    expect(suites).toEqual(["bookworm", "trixie", "bookworm", "trixie", CATALOG.at(-1)?.suite]);
  });
});

describe("the images of a compiled Slurm", () => {
  test("have its whole version in their tags", () => {
    for (const role of IMAGE_ROLES)
      expect(set.tags[role]).toMatch(new RegExp(`^slurmlab/${role}:22\\.05\\.8-[0-9a-f]{12}$`));
    expect(set.compiled?.tag).toMatch(/^slurmlab\/built:22\.05\.8-[0-9a-f]{12}$/);
  });

  test("stand on the same base as the packages of that suite", () => {
    expect(set.base).toEqual(imageSet(findRelease("22.05") as SlurmRelease, "amd64").base);
  });

  test("are built from what was compiled", () => {
    expect(set.args.BUILT).toBe(set.compiled?.tag);
  });

  test("ask the mirror for no part, and for no package of Slurm", () => {
    const asked = set.args.PACKAGES?.split(" ") ?? [];
    expect(asked.filter((word) => /^@|slurm|sackd/.test(word))).toEqual([]);
    expect(asked).toContain("munge");
  });

  test("have a word for every argument that packages have one for", () => {
    expect(Object.keys(SOURCE_WORDS)).toEqual(Object.keys(PACKAGE_WORDS));
  });

  test.for<[string, Partial<SlurmSource>]>([
    ["another tarball", { sha256: "00".repeat(32) }],
    ["another argument of configure", { configure: ["--without-hwloc"] }],
    ["another suite", { suite: "trixie" }],
  ])("have other tags for %s, and so has what was compiled", ([, change]) => {
    const changed = other(change);
    expect(changed.tags.slurmd).not.toBe(set.tags.slurmd);
    expect(changed.compiled?.tag).not.toBe(set.compiled?.tag);
  });

  test("keep their tags when the tarball's file has another name", () => {
    expect(other({ file: "renamed.tar.gz" }).tags).toEqual(set.tags);
  });

  test("tell one argument of configure with a blank in it from two", () => {
    expect(other({ configure: ["A=b c"] }).hash).not.toBe(other({ configure: ["A=b", "c"] }).hash);
  });
});

describe("how Slurm is compiled", () => {
  const dockerfile = String(set.compiled?.files.find(({ path }) => path === "Dockerfile")?.content);

  test("is a Dockerfile that is given every argument it asks for, and no other", () => {
    const asked = [...dockerfile.matchAll(/^ARG (\w+)/gm)].map((match) => match[1]);
    expect([...new Set(asked)].sort()).toEqual(Object.keys(set.compiled?.args ?? {}).sort());
  });

  test("mounts only what is in its context", () => {
    const mounted = [...dockerfile.matchAll(/type=bind,source=([\w.-]+)/g)].map((match) => match[1] ?? "");
    const there = [...(set.compiled?.files ?? []).map(({ path }) => path), "slurm.tar"];
    expect(
      mounted.filter((path) => !there.some((one) => one === path || one.startsWith(`${path}/`))),
    ).toEqual([]);
  });

  test("names no registry, no mirror and no architecture", () => {
    const text = (set.compiled?.files ?? []).map(({ content }) => String(content)).join("\n");
    expect(text).not.toMatch(/:\/\/|\b[\w-]+\.(com|org|io|net|dev)\b|x86|amd64|aarch64|arm64/);
  });

  test("has programs that may be executed", () => {
    const scripts = (set.compiled?.files ?? []).filter(({ path }) => path.startsWith("source/"));
    expect(scripts.map(({ path, executable }) => [path, executable])).toEqual([
      ["source/compile", true],
      ["source/depends", true],
      ["source/split", true],
    ]);
  });

  test("is no part of the images of packages", () => {
    const { files } = imageSet(findRelease("22.05") as SlurmRelease, "amd64");
    expect(files.filter(({ path }) => path.startsWith("source/"))).toEqual([]);
  });

  test("hands configure its arguments one a line", () => {
    const files = other({ configure: ["--without-hwloc", "CFLAGS=-O0 -g"] }).compiled?.files;
    expect(String(files?.find(({ path }) => path === "configure-arguments")?.content)).toBe(
      "--without-hwloc\nCFLAGS=-O0 -g\n",
    );
  });
});
