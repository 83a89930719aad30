import { join } from "node:path";
import { CATALOG, IMAGE_ROLES, imageSet, imageTags, missingImages } from "@slurmlab/images";
import { execa } from "execa";
import type { Engine } from "../../src/engine/engine.ts";
import type { Figure } from "../support/figures.ts";
import { median, timed } from "../support/measure.ts";

/** As package.json calls it: with compiled code kept between commands. */
const NODE = join(import.meta.dirname, "../../../../ci/with-node");
const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");
const RUNS = 7;

/**
 * Finding out that every image of every release is there: by itself, and as a whole command, most of which is loading
 * modules, beside a process that does nothing.
 */
export async function warm(engine: Engine): Promise<Figure[]> {
  const [found, command, floor]: [number[], number[], number[]] = [[], [], []];
  // In turns, so that a slow moment of the machine meets all of them.
  for (let i = 0; i < RUNS; i++) {
    floor.push(await timed(() => execa("sh", [NODE, "-e", "0"])));
    command.push(await timed(() => execa("sh", [NODE, MAIN, "images", "build", "--slurm", "all"])));
    found.push(await timed(() => findOut(engine)));
  }
  const node = { value: median(floor), what: "node alone" };
  const what = "nothing to do, all roles of all releases";
  return [
    { what: `${what}: finding out`, unit: "ms", value: median(found), goal: 300 },
    { what: `${what}: the command`, unit: "ms", value: median(command), goal: 300, floor: node },
  ];
}

async function findOut(engine: Engine): Promise<void> {
  const there = await imageTags(engine);
  for (const release of CATALOG) {
    const missing = missingImages(there, imageSet(release, engine.architecture), IMAGE_ROLES);
    if (missing.length > 0) throw new Error(`Slurm ${release.slurm} has no ${missing.join(", ")}`);
  }
}
