import type { Look } from "../cluster/lens.ts";
import { until } from "../conditions/condition.ts";
import { met, pending, type Sighting } from "../conditions/probe.ts";
import { defineInvariant } from "./invariant.ts";

export const noRunawayJobs = defineInvariant({
  name: "no-runaway-jobs",
  claim: "accounting has no job that slurmctld does not know and that never ended",
  async check({ cluster, signal }): Promise<void> {
    const condition = {
      title: "sacctmgr to show no runaway jobs",
      at: "login" as const,
      // Without -i, which would mend them.
      argv: ["sacctmgr", "-n", "-P", "show", "runawayjobs"],
      judge: noneRunaway,
    };
    await until(cluster, condition, { withinMs: 30_000, signal });
  },
});

/** Pure: says so in words when there are none, in every release. */
export function noneRunaway({ output }: Look): Sighting<true> {
  return output.includes("No runaway jobs found") ? met(true) : pending(output.trim() || "no answer");
}
