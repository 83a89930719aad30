import { overrideText } from "../spec/overrides.ts";
import type { ClusterPlan } from "../spec/planned.ts";
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
    name: said("StorageLoc") ?? DATABASE.name,
    // Without the key slurmdbd asks as whoever starts it.
    user: said("StorageUser") ?? (plan.defaults === "lab" ? DATABASE.user : "root"),
    password: said("StoragePass") ?? secrets.databasePassword,
  };
}

/**
 * What MariaDB or MySQL runs at each start (`--init-file`), so it must bear repeating.
 *
 * One statement a line: that is the format of an init file.
 */
export function databaseInitSql(
  plan: Pick<ClusterPlan, "overrides" | "defaults">,
  secrets: Pick<Secrets, "databasePassword">,
): string {
  const { name, user, password } = databaseOf(plan, secrets);
  const database = `\`${name.replaceAll("`", "``")}\``;
  return `${[
    `CREATE DATABASE IF NOT EXISTS ${database};`,
    `CREATE USER IF NOT EXISTS ${text(user)}@'%' IDENTIFIED BY ${text(password)};`,
    `GRANT ALL PRIVILEGES ON ${database}.* TO ${text(user)}@'%';`,
  ].join("\n")}\n`;
}

/** A string of SQL; overrides have no line feeds in them. */
function text(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
