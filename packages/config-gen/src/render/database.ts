import type { Secrets } from "./ground.ts";

/** The database and the account that slurmdbd uses. */
export const DATABASE = { name: "slurm_acct_db", user: "slurm" } as const;

/**
 * What MariaDB runs at each start (`--init-file`), so it must bear repeating.
 *
 * One statement a line: that is the format of an init file.
 */
export function databaseInitSql(secrets: Pick<Secrets, "databasePassword">): string {
  if (!/^[A-Za-z0-9]+$/.test(secrets.databasePassword))
    throw new TypeError("the database password must be alphanumeric");
  return `${[
    `CREATE DATABASE IF NOT EXISTS ${DATABASE.name};`,
    `CREATE USER IF NOT EXISTS '${DATABASE.user}'@'%' IDENTIFIED BY '${secrets.databasePassword}';`,
    `GRANT ALL PRIVILEGES ON ${DATABASE.name}.* TO '${DATABASE.user}'@'%';`,
  ].join("\n")}\n`;
}
