import type { Look } from "../cluster/lens.ts";
import type { Condition } from "../conditions/condition.ts";
import { met, pending, type Sighting } from "../conditions/probe.ts";
import { defineInvariant } from "./invariant.ts";

const NONE: Condition<true> = {
  title: "sacctmgr to show no runaway jobs",
  at: "login",
  // Without -i, which would mend them.
  argv: ["sacctmgr", "-n", "-P", "show", "runawayjobs"],
  judge: noneRunaway,
};

export const noRunawayJobs = defineInvariant({
  name: "no-runaway-jobs",
  claim: "accounting has no job that slurmctld does not know and that never ended",
  asks: () => [NONE],
  check: (_, looks) => looks.until(NONE, 30_000),
});

/** Pure: says so in words when there are none, in every release. */
export function noneRunaway({ output }: Look): Sighting<true> {
  return output.includes("No runaway jobs found") ? met(true) : pending(output.trim() || "no answer");
}
