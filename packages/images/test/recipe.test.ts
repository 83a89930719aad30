import { describe, expect, test } from "vitest";
import { CATALOG, type ImageSet, imageSet, type Recipe, type SlurmRelease } from "../src/index.ts";

const release = (slurm: string): SlurmRelease => CATALOG.find((r) => r.slurm === slurm) as SlurmRelease;
const trixie = imageSet(release("24.11"), "amd64");
const recipesOf = (set: ImageSet): Recipe[] => [set.mockgpu, set.slurm, set.db];
const tagsOf = (set: ImageSet): string[] => [set.base.tag, ...recipesOf(set).map(({ tag }) => tag)];
const file = (recipe: Recipe, path: string) => recipe.files.find((f) => f.path === path);

describe.each(CATALOG)("Slurm $slurm", (line) => {
  const set = imageSet(line, "amd64");

  test("there is a recipe for mockgpu, slurm and db, named as what they are", () => {
    expect(recipesOf(set).map(({ name }) => name)).toEqual(["mockgpu", "slurm", "db"]);
  });

  test("all three are built on the base image", () => {
    expect(recipesOf(set).map(({ args }) => args.BASE)).toEqual(Array(3).fill(set.base.tag));
  });

  test("slurm takes the mock GPUs from the mockgpu image", () => {
    expect(set.slurm.args.MOCKGPU).toBe(set.mockgpu.tag);
  });

  test("slurm is told which release it must turn out to be", () => {
    expect(`${line.slurm}.5`).toMatch(new RegExp(`^${set.slurm.args.SLURM}\\.`));
    expect(`${line.slurm.replace(".", "x")}.5`).not.toMatch(new RegExp(`^${set.slurm.args.SLURM}\\.`));
  });

  test("slurm has every daemon, munge and the plugins that its suite packages apart", () => {
    const wanted = [
      "slurmctld",
      "slurmdbd",
      "slurmd",
      "slurmrestd",
      "slurm-client",
      "munge",
      ...line.packages,
    ];
    expect(set.slurm.args.PACKAGES?.split(" ")).toEqual(expect.arrayContaining(wanted));
  });

  test("every tag is one that an engine takes: lower case, with the release or the suite in it", () => {
    for (const tag of tagsOf(set))
      expect(tag).toMatch(/^slurmlab\/(base|mockgpu|slurm|db):[a-z0-9.]+-[0-9a-f]{12}$/);
    expect(set.slurm.tag).toContain(`:${line.slurm}-`);
    expect(set.base.tag).toContain(`:${line.suite}-`);
  });

  test("every argument that a Dockerfile asks for is given, and no other", () => {
    for (const { args, files } of recipesOf(set)) {
      const text = String(files.find(({ path }) => path === "Dockerfile")?.content);
      const asked = new Set([...text.matchAll(/^ARG (\w+)/gm)].map((match) => match[1]));
      expect(Object.keys(args).sort()).toEqual([...asked].sort());
    }
  });

  test("the base image is the suite's, by a name without a registry's host", () => {
    expect(set.base.reference).toBe(`debian:${line.suite}-slim`);
  });
});

test("the same inputs give the same tags", () => {
  expect(tagsOf(imageSet({ ...release("24.11") }, "amd64"))).toEqual(tagsOf(trixie));
});

test("another architecture gives other tags throughout", () => {
  const all = [...tagsOf(trixie), ...tagsOf(imageSet(release("24.11"), "arm64"))];
  expect(new Set(all).size).toBe(8);
});

test("no two releases share an image", () => {
  const all = CATALOG.flatMap((line) => tagsOf(imageSet(line, "amd64")));
  expect(new Set(all).size).toBe(4 * CATALOG.length);
});

test("another package in slurm gives another slurm and leaves the rest", () => {
  const more = imageSet({ ...release("24.11"), packages: ["slurm-wlm-mysql-plugin"] }, "amd64");
  const changed = tagsOf(more).filter((tag) => !tagsOf(trixie).includes(tag));
  expect(changed).toEqual([more.slurm.tag]);
});

test("the nodes' own programs are in slurm and db, executable", () => {
  for (const recipe of [trixie.slurm, trixie.db]) {
    expect(file(recipe, "node/usr/lib/slurmlab/init")?.executable).toBe(true);
    expect(file(recipe, "node/etc/slurmlab/sv/munged/run")?.executable).toBe(true);
  }
});

test("the database's settings are in db and are no program", () => {
  expect(file(trixie.db, "slurmlab.cnf")?.executable).toBe(false);
});

test("mockgpu is made of its sources and nothing that lies beside them", () => {
  const others = trixie.mockgpu.files.filter(({ path }) => !/(\.[ch]|Makefile|^Dockerfile)$/.test(path));
  expect(others).toEqual([]);
});

describe("Dockerfiles", () => {
  const dockerfiles = recipesOf(trixie).map(({ name, files }) => [
    name,
    String(files.find(({ path }) => path === "Dockerfile")?.content),
  ]);

  test.each(dockerfiles)("%s is built from what it is given, or from nothing", (_, text) => {
    const from = [...String(text).matchAll(/^FROM (\S+)/gm)].map((match) => match[1]);
    expect(from.filter((image) => !/^(scratch|\$\{(BASE|MOCKGPU)\})$/.test(image ?? ""))).toEqual([]);
    expect(from.length).toBeGreaterThan(0);
  });

  test.each(dockerfiles)("%s names no registry and no mirror", (_, text) => {
    expect(String(text)).not.toMatch(/:\/\/|\b[\w-]+\.(com|org|io|net|dev)\b|sources\.list/);
  });

  test.each(dockerfiles)("%s copies only what is in its context", (name, text) => {
    const { files } = recipesOf(trixie).find((recipe) => recipe.name === name) as Recipe;
    const copied = [...String(text).matchAll(/^COPY (?!--from)(\S+)/gm)].map((match) => match[1] ?? "");
    expect(copied.filter((path) => !files.some((f) => f.path === path || f.path.startsWith(path)))).toEqual(
      [],
    );
  });
});
