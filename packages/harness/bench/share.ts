// What of a run is neither waiting for Slurm nor for the container engine: slurmlab's own share, at the catalogue's median.
//
// node packages/harness/bench/share.ts [--json]
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import type { Figure } from "./support/figures.ts";
import { median } from "./support/measure.ts";
import { prepared } from "./support/prepared.ts";
import { report } from "./support/report.ts";

const MAIN = join(import.meta.dirname, "../src/cli/main.ts");

const rowSchema = z.object({
  scenario: z.string(),
  verdict: z.string(),
  seconds: z.number(),
  /** Neither Slurm nor the engine was waited for. */
  own: z.number(),
});

const { images } = await prepared();
const cwd = mkdtempSync(join(tmpdir(), "slurmlab-bench-"));
const { stdout, exitCode } = await execa(
  process.execPath,
  [MAIN, "scenario", "--all", "--parallel", "1", "--json"],
  { cwd, stderr: "inherit", reject: false },
);
if (exitCode !== 0) throw new Error(`the catalogue's run ended with ${exitCode}: ${stdout}`);
const passed = z
  .array(rowSchema)
  .parse(JSON.parse(stdout))
  .filter((run) => run.verdict === "passed")
  .sort((a, b) => a.own / a.seconds - b.own / b.seconds);
const middle = passed[Math.floor(passed.length / 2)];
const most = passed.at(-1);
if (!middle || !most) throw new Error(`no scenario has passed: ${stdout}`);
report(
  [
    {
      ...shareOf(`slurmlab's own share of a run, median of ${passed.length} scenarios`, middle),
      ratioGoal: 0.1,
    },
    shareOf("slurmlab's own share of a run, the largest", most),
    {
      what: "a scenario from beginning to end, median",
      unit: "s",
      value: median(passed.map((run) => run.seconds)),
    },
  ],
  { what: "where the time of scenarios goes", slurm: images.slurm },
);

function shareOf(what: string, run: z.output<typeof rowSchema>): Figure {
  return {
    what,
    unit: "s",
    value: run.own,
    floor: { value: run.seconds, what: `the whole run of ${run.scenario}` },
  };
}
