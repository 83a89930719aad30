import type { Look } from "../cluster/lens.ts";
import { until } from "../conditions/condition.ts";
import { isFinal } from "../conditions/job.ts";
import { met, pending, type Sighting } from "../conditions/probe.ts";
import { parseSacct, sacctArguments } from "../slurm/sacct.ts";
import { defineInvariant } from "./invariant.ts";

/** Every id that sbatch gave has exactly one row in accounting, in a final state. */
export const jobsAccounted = defineInvariant({
  name: "jobs-accounted",
  claim: "every submitted job is in accounting exactly once, and has ended",
  async check({ cluster, jobs, signal }): Promise<void> {
    const ids = jobs.all.map(({ job }) => job.id);
    if (ids.length === 0) return;
    // -D shows every row of an id that was used twice.
    const [program = "sacct", ...options] = sacctArguments(ids);
    const condition = {
      title: `all of ${ids.length} jobs to be in accounting exactly once and ended`,
      at: "login" as const,
      argv: [program, "-D", ...options],
      judge: (look: Look) => allEnded(look, ids),
    };
    await until(cluster, condition, { withinMs: 15_000, signal });
  },
});

/** Pure: judges what sacct printed for these job ids. */
export function allEnded(look: Look, ids: readonly string[]): Sighting<true> {
  const rows = parseSacct(look.output);
  const wrong = ids.flatMap((id) => {
    const states = rows.filter((row) => row.id === id).map((row) => row.state);
    if (states.length === 1 && isFinal(states[0] ?? "")) return [];
    return [`job ${id}: ${states.length === 0 ? "no row" : states.join(" and ")}`];
  });
  return wrong.length === 0 ? met(true) : pending(wrong.join(", "));
}
