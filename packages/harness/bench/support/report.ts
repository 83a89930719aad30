import { type Figure, missed, missedRatio, ratioOf, table } from "./figures.ts";

/** Prints a benchmark's figures, as a table or with `--json`; a missed ratio is said, and makes the process end with 1. */
export function report(
  figures: readonly Figure[],
  of: { readonly what: string; readonly slurm: string },
): void {
  if (process.argv.includes("--json")) {
    const judged = figures.map((each) => ({ ...each, ratio: ratioOf(each), missed: missed(each) }));
    console.log(JSON.stringify({ ...of, figures: judged }, null, 2));
  } else console.log(`${of.what} of Slurm ${of.slurm}\n\n${table(figures)}`);
  for (const { what, ratioGoal } of figures.filter(missedRatio)) {
    console.error(`missed: ${what}, at most ${ratioGoal} times its floor`);
    process.exitCode = 1;
  }
}
