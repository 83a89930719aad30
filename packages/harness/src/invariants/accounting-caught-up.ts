import { until } from "../conditions/condition.ts";
import { dbdQueueIs } from "../conditions/dbd-queue.ts";
import { defineInvariant } from "./invariant.ts";

export const accountingCaughtUp = defineInvariant({
  name: "accounting-caught-up",
  claim: "slurmctld has sent all that it has for slurmdbd",
  async check({ cluster, signal }): Promise<void> {
    await until(cluster, dbdQueueIs({ atLeast: 0, atMost: 0 }), { withinMs: 30_000, signal });
  },
});
