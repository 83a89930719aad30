import type { ClusterPlan } from "@slurmlab/config-gen";
import type { Condition } from "../conditions/condition.ts";
import { noRow, sqlIs } from "../conditions/sql.ts";
import { defineInvariant } from "./invariant.ts";

/**
 * The database's own words, for every job of the cluster. States by number (slurm.h, enum job_states): 0 PENDING, 1
 * RUNNING, 2 SUSPENDED. A job that was cancelled before it started has no start, or that of its end.
 */
export const accountingClosed = defineInvariant({
  name: "accounting-closed",
  claim: "no job in the database is open, and none ends before it starts",
  asks: ({ cluster }) => [allClosed(cluster.plan)],
  check: ({ cluster }, looks) => looks.until(allClosed(cluster.plan), 30_000),
});

function allClosed(plan: ClusterPlan): Condition<string> {
  const query = `SELECT CONCAT('job ', id_job, ': state ', state, ', start ', time_start, ', end ', time_end)
    FROM \`${plan.name.toLowerCase()}_job_table\`
    WHERE deleted = 0 AND (time_end = 0 OR time_start > time_end OR state <= 2)`;
  const title = "every job in the database to have ended, not before its start";
  return sqlIs(plan, query, { title, judge: noRow });
}
