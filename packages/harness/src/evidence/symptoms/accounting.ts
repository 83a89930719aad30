import { type KnownSymptom, read } from "./symptom.ts";

export const ACCOUNTING: readonly KnownSymptom[] = [
  {
    id: "database-password",
    daemons: ["slurmdbd", "mariadbd"],
    says: /Access denied for user/,
    cause:
      "StoragePass of slurmdbd.conf is not the database's password; that the database must be up is said too, and is not so",
    check: "`mariadb -h StorageHost -u StorageUser -p` with the file's password",
    do: "set the same password at both ends; slurmdbd tries again by itself",
    examples: [
      read(
        "mysql_common.c:681@20.11",
        "mysql_real_connect failed: 1045 Access denied for user 'slurm'@'dbd' (using password: YES)",
      ),
    ],
  },
  {
    id: "database-unreachable",
    daemons: ["slurmdbd"],
    says: /mysql_real_connect failed: 200[23]/,
    cause: "the database does not run, or its port is not reached from slurmdbd's node",
    check: "that port 3306 of StorageHost answers, and bind-address of the server",
    do: "start the database; slurmdbd tries every 5 s and slurmctld keeps what it has to tell",
    examples: [
      read(
        "mysql_common.c:681@20.11",
        "mysql_real_connect failed: 2003 Can't connect to MySQL server on 'db'",
      ),
    ],
  },
  {
    id: "database-gone",
    daemons: ["slurmdbd"],
    says: /mysql_query failed: (?:2006|2013)/,
    cause: "the database went away while slurmdbd was connected",
    check: "the database's own log for a restart, an OOM kill or max_allowed_packet",
    do: "bring the database back; nothing is lost as long as slurmctld's queue (`sdiag`) has room",
    examples: [read("mysql_common.c:191@20.11", "mysql_query failed: 2006 MySQL server has gone away")],
  },
  {
    id: "no-tres",
    daemons: ["slurmctld"],
    says: /You are running with a database but for some reason we have no TRES from it|slurmdbd and\/or database must be up at slurmctld start time/,
    cause: "slurmctld was started for the first time while slurmdbd did not answer or did not trust it",
    check: "slurmdbd.log of that moment: database, munge key, AccountingStorageHost",
    do: "bring slurmdbd up, then start slurmctld again",
    examples: [
      read(
        "controller.c:2023@24.11",
        "You are running with a database but for some reason we have no TRES from it.  This should only happen if the database is down and you don't have any state files.",
      ),
      read("controller.c:2341@20.11", "slurmdbd and/or database must be up at slurmctld start time"),
    ],
  },
  {
    id: "cluster-unregistered",
    daemons: ["slurmctld"],
    says: /You need to add this cluster to accounting/,
    cause: "the cluster is not in the database, and associations are enforced",
    check: "`sacctmgr show cluster`",
    do: "`sacctmgr add cluster NAME`, then start slurmctld again",
    examples: [
      read(
        "dbd_conn.c:440@26.05",
        "You need to add this cluster to accounting if you want to enforce associations, or no jobs will ever run.",
      ),
    ],
  },
  {
    id: "database-too-old-schema",
    daemons: ["slurmdbd"],
    says: /Database schema is (?:too old for this version of Slurm to upgrade|from a newer version of Slurm)/,
    cause: "slurmdbd was changed by more releases than a database can be converted over, or back",
    check: "`select version from convert_version_table` and the releases that this slurmdbd accepts",
    do: "restore the dump from before, and go by way of a release in between",
    examples: [
      read(
        "as_mysql_convert.c:204@24.11",
        "Database schema is too old for this version of Slurm to upgrade.",
      ),
      read(
        "as_mysql_convert.c:206@24.11",
        "Database schema is from a newer version of Slurm, downgrading is not possible.",
      ),
    ],
  },
];
