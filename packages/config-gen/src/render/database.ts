import { overrideText } from "../spec/overrides.ts";
import type { ClusterPlan } from "../spec/planned.ts";
import { DEFAULT_CLUSTER } from "../spec/schema.ts";
import type { Secrets } from "./ground.ts";
import { plainValue } from "./text.ts";

/** The database and the account that slurmdbd uses unless slurmdbd.conf says otherwise. */
export const DATABASE = { name: "slurm_acct_db", user: "slurm" } as const;

/** What slurmdbd will ask the database for: what overrides of slurmdbd.conf say, else slurmlab's own. */
export function databaseOf(
  plan: Pick<ClusterPlan, "overrides" | "defaults">,
  secrets: Pick<Secrets, "databasePassword">,
): { name: string; user: string; password: string } {
  if (!/^[A-Za-z0-9]+$/.test(secrets.databasePassword))
    throw new TypeError("the database password must be alphanumeric");
  const said = (key: string) => {
    const value = overrideText(plan, "slurmdbd.conf", key);
    return value === undefined ? undefined : plainValue(value);
  };
  return {
    name: databaseName(plan),
    user: databaseUser(plan),
    password: said("StoragePass") ?? secrets.databasePassword,
  };
}

/** The database's account that slurmdbd asks as; without StorageUser that is whoever starts it. */
export function databaseUser(plan: Pick<ClusterPlan, "overrides" | "defaults">): string {
  const said = overrideText(plan, "slurmdbd.conf", "StorageUser");
  if (said !== undefined) return plainValue(said);
  return plan.defaults === "lab" ? DATABASE.user : "root";
}

/** The name of the database that slurmdbd keeps its tables in. */
export function databaseName(plan: Pick<ClusterPlan, "overrides">): string {
  const said = overrideText(plan, "slurmdbd.conf", "StorageLoc");
  return said === undefined ? DATABASE.name : plainValue(said);
}

/**
 * What MariaDB or MySQL runs at each start (`--init-file`), so it must bear repeating.
 *
 * One statement a line: that is the format of an init file.
 */
export function databaseInitSql(
  plan: Pick<ClusterPlan, "name" | "overrides" | "defaults">,
  secrets: Pick<Secrets, "databasePassword">,
): string {
  const { name, user, password } = databaseOf(plan, secrets);
  const database = `\`${name.replaceAll("`", "``")}\``;
  return `${[
    `CREATE DATABASE IF NOT EXISTS ${database};`,
    `CREATE USER IF NOT EXISTS ${text(user)}@'%' IDENTIFIED BY ${text(password)};`,
    `GRANT ALL PRIVILEGES ON ${database}.* TO ${text(user)}@'%';`,
    ...(plan.name === DEFAULT_CLUSTER ? [] : withoutPrepared(DATABASE.name)),
  ].join("\n")}\n`;
}

/** Takes the cluster that database images have tables of out of the list of clusters: a site has only its own there. */
function withoutPrepared(database: string): string[] {
  const there = `SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = ${text(database)} AND table_name = 'cluster_table'`;
  const remove = `DELETE FROM ${database}.cluster_table WHERE name = ${text(DEFAULT_CLUSTER)}`;
  return [
    // SQL has no IF outside of a procedure, and a folder without tables is fine, too.
    `SET @remove = IF((${there}) > 0, ${text(remove)}, 'DO 0');`,
    "PREPARE remove FROM @remove;",
    "EXECUTE remove;",
  ];
}

/** A string of SQL; overrides have no line feeds in them. */
function text(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
