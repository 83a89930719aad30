// Images: the time to find out that nothing has to be done, sizes, the time from a container's start to its daemon's first
// line, and with --cold the time to build a release from nothing (minutes), each beside its floor.
//
// node packages/harness/bench/images.ts [--json] [--cold]
import { join } from "node:path";
import { DEFAULT_SLURM, findRelease, imageSet } from "@slurmlab/images";
import { execa } from "execa";
import { findEngine } from "../src/engine/find.ts";
import { cold } from "./images/cold.ts";
import { firstLines } from "./images/first-lines.ts";
import { sizes } from "./images/sizes.ts";
import { warm } from "./images/warm.ts";
import { type Figure, missed, missedRatio, ratioOf, table } from "./support/figures.ts";

const MAIN = join(import.meta.dirname, "../src/cli/main.ts");

const flags = process.argv.slice(2);
const release = findRelease(DEFAULT_SLURM);
if ("severity" in release) throw new Error(release.message);
await execa(process.execPath, [MAIN, "images", "build", "--slurm", "all", "--yes"], { stdout: "ignore" });
const { engine } = await findEngine(process.env, { say: () => {}, confirm: async () => true });
const set = imageSet(release, engine.architecture);
const figures: Figure[] = [];
const measures = [
  async () => (flags.includes("--cold") ? [await cold(engine, set, release)] : []),
  () => warm(engine),
  () => sizes(engine, set),
  () => firstLines(engine, set),
];
for (const measure of measures) {
  const some = await measure();
  figures.push(...some);
  // What took minutes is not lost when a later measure breaks.
  for (const { what, value, unit } of some) console.error(`${what}: ${value.toFixed(1)} ${unit}`);
}
if (flags.includes("--json"))
  console.log(
    JSON.stringify(
      {
        slurm: set.slurm,
        figures: figures.map((each) => ({ ...each, ratio: ratioOf(each), missed: missed(each) })),
      },
      null,
      2,
    ),
  );
else console.log(`images of Slurm ${set.slurm}\n\n${table(figures)}`);
for (const { what, ratioGoal } of figures.filter(missedRatio)) {
  console.error(`missed: ${what}, at most ${ratioGoal} times its floor`);
  process.exitCode = 1;
}
