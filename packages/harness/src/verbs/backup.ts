import { randomBytes } from "node:crypto";
import { databaseName, stateSaveLocation } from "@slurmlab/config-gen";
import { z } from "zod";
import { type Cluster, nodeOf } from "../cluster/cluster.ts";
import type { DaemonControl } from "../cluster/daemon-control.ts";
import type { Node } from "../cluster/node.ts";
import { LabError } from "../errors/lab-error.ts";
import { defineVerb } from "./verb.ts";

const KEPT = ["database", "state"] as const;
type Kept = (typeof KEPT)[number];

/** A copy of what Slurm keeps, which `restore` puts back. */
export interface Backup {
  readonly kind: "backup";
  readonly of: Kept;
  /** Another database of the server, or a file on slurmctld's node. */
  readonly place: string;
  readonly title: string;
}

const TITLES: Readonly<Record<Kept, string>> = {
  database: "the accounting database",
  state: "slurmctld's StateSaveLocation",
};

/** Whose program must not run while it is put back. */
const USERS = { database: "slurmdbd", state: "slurmctld" } as const;

const nodeWith = (cluster: Cluster, of: Kept): Node =>
  nodeOf(cluster, of === "database" ? "database" : "slurmctld");

export const backup = defineVerb({
  name: "backup",
  summary:
    "Makes a copy of the accounting database's tables or of slurmctld's StateSaveLocation, as they are at this moment, for restore. A slurmctld that runs saves its jobs seconds late: stop it before.",
  schema: z.strictObject({ of: z.enum(KEPT) }),
  result: "backup",
  sentence: ({ of }) => `make a backup of ${TITLES[of]}`,
  async run({ of }, { cluster, signal }): Promise<Backup> {
    const node = nodeWith(cluster, of);
    const name = `backup_${randomBytes(4).toString("hex")}`;
    const place = of === "database" ? name : `/var/tmp/${name}`;
    if (of === "database") await copyTables(node, databaseName(cluster.plan), place, signal);
    else await pack(node, stateSaveLocation(cluster.plan), place, signal);
    return { kind: "backup", of, place, title: `the backup of ${TITLES[of]}` };
  },
});

/**
 * All tables of a database into another, in place of those that it has. By the server itself: its image has no mariadb-dump,
 * whose package wants Perl. Rows are those of one moment, whoever writes meanwhile.
 */
async function copyTables(node: Node, from: string, to: string, signal: AbortSignal): Promise<void> {
  const tablesOf = async (database: string) => {
    const query = `SELECT table_name FROM information_schema.tables WHERE table_schema = '${database}'`;
    const rows = await node.run(["mariadb", "--batch", "--skip-column-names", `--execute=${query}`], {
      signal,
    });
    return rows.split("\n").filter((row) => row !== "");
  };
  const tables = await tablesOf(from);
  const stdin = [
    `CREATE DATABASE IF NOT EXISTS \`${to}\`;`,
    ...(await tablesOf(to)).map((table) => `DROP TABLE \`${to}\`.\`${table}\`;`),
    ...tables.map((table) => `CREATE TABLE \`${to}\`.\`${table}\` LIKE \`${from}\`.\`${table}\`;`),
    "START TRANSACTION WITH CONSISTENT SNAPSHOT;",
    ...tables.map((table) => `INSERT INTO \`${to}\`.\`${table}\` SELECT * FROM \`${from}\`.\`${table}\`;`),
    "COMMIT;",
  ].join("\n");
  await node.run(["mariadb"], { signal, stdin });
}

/** slurmctld goes on meanwhile, and puts new files in the place of old ones: tar says so, and ends with 1. */
async function pack(node: Node, folder: string, path: string, signal: AbortSignal): Promise<void> {
  const { code, stderr } = await node.exec(
    ["tar", "--create", `--file=${path}`, `--directory=${folder}`, "."],
    { signal },
  );
  if (code > 1)
    throw new LabError({
      kind: "broken",
      message: `${folder} on ${node.name} could not be packed: tar ended with exit code ${code}`,
      seen: stderr.trim(),
    });
}

function isBackup(value: unknown): value is Backup {
  return typeof value === "object" && value !== null && (value as Backup).kind === "backup";
}

export const restore = defineVerb({
  name: "restore",
  summary:
    "Puts a backup back in place of what there is now. The daemon that uses it must have been stopped, as an administrator would: slurmdbd, or every slurmctld.",
  schema: z
    .custom<Backup>(isBackup, { error: "expected a backup: what backup returned, in YAML $name" })
    .meta({ title: "a backup" }),
  result: "nothing",
  disturbs: true,
  sentence: ({ title }) => `put ${title} back`,
  async run({ of, place }, { cluster, daemons, signal }): Promise<void> {
    await mustBeStopped(cluster, daemons, of);
    const node = nodeWith(cluster, of);
    if (of === "database") {
      await copyTables(node, place, databaseName(cluster.plan), signal);
      return;
    }
    const folder = stateSaveLocation(cluster.plan);
    await node.run(["find", folder, "-mindepth", "1", "-delete"], { signal });
    await node.run(
      ["tar", "--extract", "--preserve-permissions", `--file=${place}`, `--directory=${folder}`],
      { signal },
    );
  },
});

async function mustBeStopped(cluster: Cluster, daemons: DaemonControl, of: Kept): Promise<void> {
  const daemon = USERS[of];
  for (const node of cluster.nodes.filter(({ plan }) => plan.roles.includes(daemon))) {
    if (!(await daemons.runs(node, daemon))) continue;
    throw new LabError({
      kind: "failed",
      message: `${TITLES[of]} cannot be put back under a running ${daemon}`,
      expected: `no ${daemon} that runs`,
      seen: `${daemon} runs on ${node.name}`,
      hint: `a step before it: stop: { daemon: ${daemon} }`,
    });
  }
}
