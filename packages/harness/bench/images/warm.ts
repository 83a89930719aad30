import { join } from "node:path";
import { execa } from "execa";
import type { Figure } from "./figures.ts";
import { median, timed } from "./measure.ts";

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");
const RUNS = 7;

/** A whole process that finds out that every image of every release is there, beside one that does nothing. */
export async function warm(): Promise<Figure> {
  const [work, floor]: [number[], number[]] = [[], []];
  // In turns, so that a slow moment of the machine meets both.
  for (let i = 0; i < RUNS; i++) {
    floor.push(await timed(() => execa(process.execPath, ["-e", "0"])));
    work.push(await timed(() => execa(process.execPath, [MAIN, "images", "build", "--slurm", "all"])));
  }
  return {
    what: "nothing to do: all roles of all releases",
    unit: "ms",
    value: median(work),
    goal: 300,
    floor: { value: median(floor), what: "node alone" },
  };
}
