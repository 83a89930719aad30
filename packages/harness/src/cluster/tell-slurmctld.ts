import { controllersOf, since } from "@slurmlab/config-gen";
import { type Cluster, nodeNamed } from "./cluster.ts";
import type { DaemonControl } from "./daemon-control.ts";

/**
 * Tells Slurm that its files name other nodes. Up to 23.02 a running slurmctld does not take other nodes: it has to be started again,
 * and so has a backup in any release, which would know the old ones when it took over. Daemons that were stopped stay so.
 */
export async function tellSlurmctld(cluster: Cluster, daemons: DaemonControl): Promise<void> {
  const [primary, ...backups] = controllersOf(cluster.plan).map(({ name }) => nodeNamed(cluster, name));
  if (!primary) return;
  if (!since(cluster.plan.slurm, "23.11")) await daemons.restart(primary, "slurmctld");
  await primary.run(["scontrol", "reconfigure"]);
  for (const backup of backups)
    if (await daemons.runs(backup, "slurmctld")) await daemons.restart(backup, "slurmctld");
}
