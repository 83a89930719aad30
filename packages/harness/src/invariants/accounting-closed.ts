import { until } from "../conditions/condition.ts";
import { noRow, sqlIs } from "../conditions/sql.ts";
import { defineInvariant } from "./invariant.ts";

/**
 * The database's own words, for every job of the cluster. States by number (slurm.h, enum job_states): 0 PENDING, 1
 * RUNNING, 2 SUSPENDED. A job that was cancelled before it started has no start, or that of its end.
 */
export const accountingClosed = defineInvariant({
  name: "accounting-closed",
  claim: "no job in the database is open, and none ends before it starts",
  async check({ cluster, signal }): Promise<void> {
    const query = `SELECT CONCAT('job ', id_job, ': state ', state, ', start ', time_start, ', end ', time_end)
      FROM \`${cluster.plan.name.toLowerCase()}_job_table\`
      WHERE deleted = 0 AND (time_end = 0 OR time_start > time_end OR state <= 2)`;
    const title = "every job in the database to have ended, not before its start";
    const condition = sqlIs(cluster.plan, query, { title, judge: noRow });
    await until(cluster, condition, { withinMs: 30_000, signal });
  },
});
