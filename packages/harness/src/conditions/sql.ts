import { type ClusterPlan, databaseName } from "@slurmlab/config-gen";
import type { Condition } from "./condition.ts";
import { matching } from "./matching.ts";
import { met, pending, type Sighting } from "./probe.ts";

/** A query on the database node, as MariaDB's root, in slurmdbd's database; rows as lines, columns apart by tabs. */
function sqlArguments(plan: ClusterPlan, query: string): string[] {
  return ["mariadb", "--batch", "--skip-column-names", "--execute", query, databaseName(plan)];
}

/** What a query returns to be so. */
export function sqlIs(
  plan: ClusterPlan,
  query: string,
  wish: { readonly title: string; judge(rows: string): Sighting<string> },
): Condition<string> {
  return {
    title: wish.title,
    at: "database",
    argv: sqlArguments(plan, query),
    judge: ({ code, output }) => (code === 0 ? wish.judge(output.trim()) : pending(output.trim())),
  };
}

/** What a query returns to match. */
export function sqlMatches(plan: ClusterPlan, query: string, matches: RegExp): Condition<string> {
  return sqlIs(plan, query, {
    title: `the database's answer to match ${matches}`,
    judge: (rows) => (matching(matches, rows) ? met(rows) : pending(rows || "no row")),
  });
}

/** The query to return no row. */
export function noRow(rows: string): Sighting<string> {
  return rows === "" ? met(rows) : pending(rows.split("\n").slice(0, 5).join("\n"));
}
