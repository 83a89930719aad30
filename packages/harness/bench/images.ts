// Images: the time to find out that nothing has to be done, sizes, the time from a container's start to its daemon's first
// line, and with --cold the time to build a release from nothing (minutes), each beside its floor.
//
// node packages/harness/bench/images.ts [--json] [--cold]
import { cold } from "./images/cold.ts";
import { firstLines } from "./images/first-lines.ts";
import { sizes } from "./images/sizes.ts";
import { warm } from "./images/warm.ts";
import type { Figure } from "./support/figures.ts";
import { prepared } from "./support/prepared.ts";
import { report } from "./support/report.ts";

const { engine, release, images } = await prepared(["--slurm", "all"]);
const figures: Figure[] = [];
const measures = [
  async () => (process.argv.includes("--cold") ? [await cold(engine, images, release)] : []),
  () => warm(engine),
  () => sizes(engine, images),
  () => firstLines(engine, images),
];
for (const measure of measures) {
  const some = await measure();
  figures.push(...some);
  // What took minutes is not lost when a later measure breaks.
  for (const { what, value, unit } of some) console.error(`${what}: ${value.toFixed(1)} ${unit}`);
}
report(figures, { what: "images", slurm: images.slurm });
