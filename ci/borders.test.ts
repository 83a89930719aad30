import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");

/** Which packages a package may import. scenarios see the harness only, ci runs everything as a process. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "packages/config-gen": [],
  "packages/images": ["@slurmlab/config-gen"],
  "packages/harness": ["@slurmlab/config-gen", "@slurmlab/images"],
  scenarios: ["@slurmlab/harness"],
  examples: ["@slurmlab/harness", "@slurmlab/harness/vitest"],
  ci: [],
};

/**
 * The harness from the bottom: a folder may import those before it and those of its own line. Folders on one line
 * depend on one another's types.
 */
const LAYERS: ReadonlyArray<readonly string[]> = [
  ["errors"],
  ["document"],
  ["engine"],
  ["slurm"],
  ["logs"],
  ["cluster", "conditions", "ledger"],
  ["journal"],
  ["faults"],
  ["invariants", "verbs"],
  ["evidence"],
  ["report"],
  ["scenario"],
  ["cli"],
  ["testing"],
];

/** A library that only one place may import. */
const ONLY_IN: ReadonlyArray<readonly [library: RegExp, place: string]> = [
  [/^dockerode$/, "packages/harness/src/engine/"],
  [/^(commander|listr2)$/, "packages/harness/src/cli/"],
  [/^hono/, "packages/harness/src/report/page/"],
  [/^zx$/, "ci/"],
];

interface Import {
  readonly file: string;
  readonly line: number;
  readonly target: string;
  readonly typeOnly: boolean;
}

test("packages import only the packages below them", () => {
  const crossed = imports().filter(({ file, target }) => {
    const home = Object.keys(PACKAGES).find((folder) => file.startsWith(`${folder}/`)) ?? "";
    return target.startsWith("@slurmlab/") && !PACKAGES[home]?.includes(target);
  });
  expect(crossed.map(show)).toEqual([]);
});

test("packages do not reach into one another's folders", () => {
  const crossed = imports().filter(({ file, target }) => {
    if (!target.startsWith(".")) return false;
    const home = Object.keys(PACKAGES).find((folder) => file.startsWith(`${folder}/`)) ?? "";
    return !join(dirname(file), target).startsWith(`${home}/`);
  });
  expect(crossed.map(show)).toEqual([]);
});

test("the harness's folders import only what lies below them", () => {
  const crossed = imports().filter(({ file, target, typeOnly }) => {
    const from = layerOf(file);
    const to = layerOf(join(dirname(file), target));
    return !typeOnly && target.startsWith(".") && from >= 0 && to > from;
  });
  expect(crossed.map(show)).toEqual([]);
});

test("a library that has its place is imported nowhere else", () => {
  const crossed = imports().filter(({ file, target }) =>
    ONLY_IN.some(([library, place]) => library.test(target) && !file.startsWith(place)),
  );
  expect(crossed.map(show)).toEqual([]);
});

test("config-gen has no file system, clock, process or random source of its own", () => {
  const impure = imports().filter(
    ({ file, target }) => file.startsWith("packages/config-gen/src/") && target.startsWith("node:"),
  );
  const texts = sources("packages/config-gen/src").filter((file) =>
    /Date\.now|Math\.random|process\./.test(read(file)),
  );
  expect([...impure.map(show), ...texts]).toEqual([]);
});

test("only the command line writes to the terminal, reads arguments or sets an exit code", () => {
  const harness = sources("packages/harness/src").filter(
    (file) => !file.startsWith("packages/harness/src/cli/"),
  );
  const speaks = /process\.(stdout|stderr|argv|exit\b|exitCode)|console\./;
  expect(harness.filter((file) => speaks.test(read(file)))).toEqual([]);
});

function layerOf(path: string): number {
  const folder = /^packages\/harness\/src\/([^/]+)\//.exec(path)?.[1] ?? "";
  return LAYERS.findIndex((line) => line.includes(folder));
}

function imports(): Import[] {
  return Object.keys(PACKAGES)
    .flatMap((folder) => sources(folder.startsWith("packages/") ? `${folder}/src` : folder))
    .flatMap((file) =>
      [...read(file).matchAll(/^(?:import|export)(\s+type)?\s[^;]*?from\s+"([^"]+)"/gms)].map((match) => ({
        file,
        line: read(file).slice(0, match.index).split("\n").length,
        target: match[2] ?? "",
        typeOnly: match[1] !== undefined,
      })),
    );
}

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".test.ts"))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((path) => !path.includes("node_modules"));
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

function show({ file, line, target }: Import): string {
  return `${file}:${line} imports ${target}`;
}
