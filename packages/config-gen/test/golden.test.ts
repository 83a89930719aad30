import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { renderBundle } from "../src/index.ts";
import { planOf } from "./support/plan.ts";
import { FAKE_SECRETS, gpu, hello } from "./support/specs.ts";

// The files as an admin would read them: golden/<spec>/<release>/<file>, byte for byte what is generated.
// `UPDATE_GOLDEN=1 vitest run --project config-gen` rewrites them; the difference is then read in the commit.
const GOLDEN = join(import.meta.dirname, "golden");

/** Every release of the catalog, which this package may not import; a test of the catalog compares the two. */
const RELEASES = ["20.11", "22.05", "24.11", "26.05"];

const cases = Object.entries({ hello, gpu }).flatMap(([name, example]) =>
  RELEASES.map((release) => [name, release, example] as const),
);

test.each(cases)("%s for Slurm %s is what was read and approved", (name, release, { spec, ground }) => {
  const bundle = renderBundle(planOf(spec, release), ground, FAKE_SECRETS);
  const rendered = Object.fromEntries(
    bundle
      .filter(({ path }) => path.endsWith(".conf"))
      .map(({ path, content }) => [path.split("/").at(-1) ?? "", String(content)]),
  );
  const folder = join(GOLDEN, name, release);
  if (process.env.UPDATE_GOLDEN === "1") write(folder, rendered);
  expect(rendered).toEqual(read(folder));
});

function write(folder: string, files: Readonly<Record<string, string>>): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
}

function read(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
}
