// Eight clusters of two nodes side by side on one engine, each a run of its own that passes; beside one such run alone, for as many
// turns as the machine has to take.
//
// node packages/harness/bench/side-by-side.ts [--json]
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { median } from "./support/measure.ts";
import { prepared } from "./support/prepared.ts";
import { report } from "./support/report.ts";

const CLUSTERS = 8;
const ALONE = 3;
const MAIN = join(import.meta.dirname, "../src/cli/main.ts");
const SCENARIO = join(import.meta.dirname, "side-by-side/two-nodes.yaml");

/** A run, from the call to the end of its process, in seconds. Rejects when it does not pass. */
async function run(): Promise<number> {
  const cwd = mkdtempSync(join(tmpdir(), "slurmlab-bench-"));
  const start = performance.now();
  const { exitCode, stdout, stderr } = await execa(process.execPath, [MAIN, "scenario", SCENARIO, "--json"], {
    cwd,
    reject: false,
  });
  if (exitCode !== 0) throw new Error(`a run ended with ${exitCode}: ${stderr || stdout}`);
  return (performance.now() - start) / 1000;
}

const { engine, images } = await prepared();
const alone: number[] = [];
for (let i = 0; i < ALONE; i++) alone.push(await run());
console.error(`alone: ${alone.map((s) => s.toFixed(1)).join(", ")} s`);
const together = await Promise.all(Array.from({ length: CLUSTERS }, run));
console.error(`${CLUSTERS} at once: ${together.map((s) => s.toFixed(1)).join(", ")} s`);

const cores = engine.facts.cpus;
const turns = Math.max(1, CLUSTERS / cores);
report(
  [
    {
      what: `${CLUSTERS} clusters of two nodes at once, the slowest`,
      unit: "s",
      value: Math.max(...together),
      floor: {
        value: median(alone) * turns,
        what: `one alone, ${turns} times: ${CLUSTERS} clusters on ${cores} cores`,
      },
      ratioGoal: 2,
    },
    { what: "one cluster of two nodes alone, median", unit: "s", value: median(alone) },
    { what: `${CLUSTERS} at once, median`, unit: "s", value: median(together) },
  ],
  { what: "clusters side by side", slurm: images.slurm },
);
