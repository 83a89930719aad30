import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import {
  accountingCommands,
  PRESETS,
  type PresetName,
  renderBundle,
  reservationCommands,
  shownPath,
} from "../src/index.ts";
import { planOf } from "./support/plan.ts";
import {
  detected,
  type Example,
  everything,
  example,
  FAKE_SECRETS,
  gpu,
  modern,
  newest,
  presetExample,
  site,
} from "./support/specs.ts";

// The files as an admin would read them: golden/<spec>/<release>/<file>, byte for byte what is generated.
// `UPDATE_GOLDEN=1 vitest run --project config-gen` rewrites them; the difference is then read in the commit.
const GOLDEN = join(import.meta.dirname, "golden");
/** What not every release can do: apart, as all that stands in the other folder is there for every release. */
const NEWER = join(import.meta.dirname, "golden-newer");

/** Every release of the catalog, which this package may not import; a test of the catalog compares the two. */
const RELEASES = ["20.11", "22.05", "24.11", "26.05"];
/** Those with auth/slurm and topology/block. */
const NEW = RELEASES.slice(2);

type Case = readonly [name: string, release: string, example: Example];

const cases: Case[] = [
  ...(Object.keys(PRESETS) as PresetName[]).flatMap((name) =>
    RELEASES.map((release): Case => [name, release, presetExample(name, release)]),
  ),
  ...RELEASES.map((release): Case => ["named", release, gpu]),
  ...RELEASES.map((release): Case => ["everything", release, example(everything, "v1", release)]),
  ...RELEASES.map((release): Case => ["site", release, example(site, "v1", release)]),
];

const newer: Case[] = [
  ...NEW.map((release): Case => ["modern", release, example(modern, "v2", release)]),
  // By what each release can: what it cannot is a problem of the plan's.
  ...RELEASES.map((release): Case => ["fake", release, example(detected("fake"), "v1", release)]),
  ...RELEASES.slice(1).map((release): Case => ["nvml", release, example(detected("nvml"), "v1", release)]),
  ...NEW.map((release): Case => ["nvidia", release, example(detected("nvidia"), "v1", release)]),
  ["newest", "26.05", example(newest, "v2", "26.05")],
];

test.each([...cases, ...newer])(
  "%s for Slurm %s is what was read and approved",
  (name, release, { spec, ground }) => {
    const plan = planOf(spec, release);
    const files = renderBundle(plan, ground, FAKE_SECRETS)
      .filter(({ path }) => !path.endsWith(".key"))
      .map((file) => [shownPath(file).replace(/^\/(etc\/slurm(lab)?\/)?/, ""), String(file.content)]);
    const commands = [
      ...accountingCommands(plan).map((words) => ["sacctmgr", ...words]),
      ...reservationCommands(plan).map((words) => ["scontrol", ...words]),
    ];
    const rendered = Object.fromEntries(files);
    if (commands.length > 0)
      rendered["accounting.txt"] = `${commands.map((words) => words.join(" ")).join("\n")}\n`;
    const folder = join(cases.some((other) => other[0] === name) ? GOLDEN : NEWER, name, release);
    if (process.env.UPDATE_GOLDEN === "1") write(folder, rendered);
    expect(rendered).toEqual(read(folder));
  },
);

test.each([
  [GOLDEN, cases],
  [NEWER, newer],
])(
  "no golden file is left over from a specification that is not rendered any more (%#)",
  (root, rendered) => {
    const folders = readdirSync(root).flatMap((name) =>
      readdirSync(join(root, name)).map((release) => `${name} ${release}`),
    );
    expect(folders.sort()).toEqual(rendered.map(([name, release]) => `${name} ${release}`).sort());
  },
);

function write(folder: string, files: Readonly<Record<string, string>>): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

function read(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}
