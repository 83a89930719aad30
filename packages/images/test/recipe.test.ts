import { describe, expect, test } from "vitest";
import {
  CATALOG,
  IMAGE_ROLES,
  type ImageSet,
  imageRoleOf,
  imageSet,
  type SlurmRelease,
} from "../src/index.ts";

const release = (slurm: string): SlurmRelease => CATALOG.find((r) => r.slurm === slurm) as SlurmRelease;
const trixie = imageSet(release("24.11"), "amd64");
const tagsOf = (set: ImageSet): string[] => [set.base.tag, ...Object.values(set.tags)];
const file = (path: string) => trixie.files.find((f) => f.path === path);

describe.each(CATALOG)("Slurm $slurm", (line) => {
  const set = imageSet(line, "amd64");

  test("every tag is one that an engine takes: lower case, with the release or the suite in it", () => {
    for (const role of IMAGE_ROLES)
      expect(set.tags[role]).toMatch(new RegExp(`^slurmlab/${role}:${line.slurm}-[0-9a-f]{12}$`));
    expect(set.base.tag).toMatch(new RegExp(`^slurmlab/base:${line.suite}-[0-9a-f]{12}$`));
  });

  test("the base image is the suite's, by a name without a registry's host", () => {
    expect(set.base.reference).toBe(`debian:${line.suite}-slim`);
  });

  test("the mirror is asked for every package that some image wants", () => {
    const asked = new Set(set.args.PACKAGES?.split(" "));
    const wanted = ["COMMON", "SLURMCTLD", "SLURMDBD", "SLURMD", "SLURMRESTD", "LOGIN", "DB", "EVERYTHING"];
    const missing = wanted
      .flatMap((name) => set.args[name]?.split(" ") ?? [name])
      .filter((word) => !asked.has(word));
    expect(missing).toEqual([]);
  });
});

test("the same inputs give the same tags", () => {
  expect(tagsOf(imageSet({ ...release("24.11") }, "amd64"))).toEqual(tagsOf(trixie));
});

test("another architecture gives other tags throughout", () => {
  const all = [...tagsOf(trixie), ...tagsOf(imageSet(release("24.11"), "arm64"))];
  expect(new Set(all).size).toBe(all.length);
});

test("no two releases share a tag", () => {
  const all = CATALOG.flatMap((line) => tagsOf(imageSet(line, "amd64")));
  expect(new Set(all).size).toBe(all.length);
});

test("the nodes' own programs and the build's are executable, and settings are not", () => {
  expect(file("node/usr/lib/slurmlab/init")?.executable).toBe(true);
  expect(file("build/install")?.executable).toBe(true);
  expect(file("db/slurmlab.cnf")?.executable).toBe(false);
});

test("of the mock GPUs, their sources come along and nothing that lies beside them", () => {
  const mock = trixie.files.filter(({ path }) => path.startsWith("mockgpu/"));
  expect(mock.filter(({ path }) => !/(\.[ch]|Makefile)$/.test(path))).toEqual([]);
  expect(mock.length).toBeGreaterThan(10);
});

describe("the image of a node", () => {
  test("is its role's", () => {
    expect(imageRoleOf(["slurmd"])).toBe("slurmd");
    expect(imageRoleOf(["database"])).toBe("db");
  });

  test("is the one with everything, where a node has several roles", () => {
    expect(imageRoleOf(["slurmctld", "slurmrestd"])).toBe("single-node");
  });
});

describe("the Dockerfile", () => {
  const text = String(file("Dockerfile")?.content);
  const asked = [...text.matchAll(/^ARG (\w+)/gm)].map((match) => match[1]);

  test("is given every argument that it asks for, and no other", () => {
    const given = [...Object.keys(trixie.args), "LOOK", "BUILT"];
    expect([...new Set(asked)].sort()).toEqual(given.sort());
  });

  test("has a stage for each image, and starts each from another stage or from what it is given", () => {
    const stages = [...text.matchAll(/^FROM (\S+) AS (\S+)/gm)].map(([, from = "", name = ""]) => ({
      from,
      name,
    }));
    const names = stages.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([...IMAGE_ROLES]));
    const given = /^(scratch|\$\{(BASE|BUILT)\})$/;
    expect(stages.filter(({ from }) => !given.test(from) && !names.includes(from))).toEqual([]);
  });

  test("names no registry and no mirror", () => {
    expect(text).not.toMatch(/:\/\/|\b[\w-]+\.(com|org|io|net|dev)\b/);
  });

  test("copies and mounts only what is in its context", () => {
    const paths = [
      ...[...text.matchAll(/^COPY (?!--from)(\S+)/gm)].map((match) => match[1] ?? ""),
      ...[...text.matchAll(/type=bind,source=(\w+),/g)].map((match) => `${match[1]}/`),
    ];
    expect(
      paths.filter((path) => !trixie.files.some((f) => f.path === path || f.path.startsWith(path))),
    ).toEqual([]);
  });

  test("gives every image a healthcheck and what it starts", () => {
    for (const role of IMAGE_ROLES) {
      const stage = text.slice(text.indexOf(` AS ${role}\n`)).split(/^FROM /m)[0] ?? "";
      expect(stage, role).toMatch(/^ENV SLURMLAB_DAEMONS=[\s\S]*^HEALTHCHECK /m);
    }
  });
});
