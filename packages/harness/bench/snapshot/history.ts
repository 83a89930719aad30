import { databaseName } from "@slurmlab/config-gen";
import { type Cluster, nodeOf } from "../../src/cluster/cluster.ts";
import { DaemonControl } from "../../src/cluster/daemon-control.ts";

/**
 * Gives a cluster a past: accounts and users, finished jobs (copies of one that really ran, over the last thirty days), a reservation,
 * and a queue of held jobs.
 */
export async function makeHistory(cluster: Cluster, jobs: number, queued: number): Promise<void> {
  const [login, controller, database] = [
    nodeOf(cluster, "login"),
    nodeOf(cluster, "slurmctld"),
    nodeOf(cluster, "database"),
  ];
  const user = { user: cluster.plan.user };
  await login.run(["srun", "--job-name=past", "--time=1", "hostname"], user);
  for (let i = 0; i < 20; i++) {
    await controller.run(["sacctmgr", "-i", "add", "account", `group${i}`]);
    await controller.run(["sacctmgr", "-i", "add", "user", `someone${i}`, `account=group${i}`]);
  }
  await controller.run([
    ...["scontrol", "create", "reservation", "reservationname=maintenance", "starttime=now+7days"],
    ...["duration=120", "nodes=ALL", "users=root"],
  ]);
  for (let i = 0; i < queued; i++)
    await login.run(["sbatch", "--hold", "--time=1", "--output=/dev/null", "--wrap=hostname"], user);
  await copyJob(cluster, database, jobs);
}

async function copyJob(cluster: Cluster, database: ReturnType<typeof nodeOf>, jobs: number): Promise<void> {
  // slurmctld tells slurmdbd of the end a moment after it.
  const daemons = new DaemonControl(cluster);
  await daemons.restart(nodeOf(cluster, "slurmdbd"), "slurmdbd");
  const schema = databaseName(cluster.plan);
  const table = `${cluster.plan.name}_job_table`;
  const sql = (text: string) =>
    database.run(["mariadb", "--batch", "--skip-column-names", schema], { stdin: text });
  const columns = (
    await sql(
      `SELECT column_name FROM information_schema.columns WHERE table_schema = '${schema}' AND table_name = '${table}' AND column_name <> 'job_db_inx'`,
    )
  )
    .trim()
    .split("\n");
  const past = (column: string) => `j.${column} - ${30 * 86_400} + s.seq * ${(30 * 86_400) / jobs}`;
  const value = (column: string) => {
    if (column === "id_job") return "1000000 + s.seq";
    return column.startsWith("time_") && column !== "time_suspended" ? past(column) : `j.\`${column}\``;
  };
  const names = columns.map((column) => `\`${column}\``).join(", ");
  await sql(
    `INSERT INTO ${table} (${names}) SELECT ${columns.map(value).join(", ")} FROM ${table} j, seq_1_to_${jobs} s WHERE j.job_name = 'past' LIMIT ${jobs}`,
  );
}
