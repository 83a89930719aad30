import { controllersOf, since } from "@slurmlab/config-gen";
import { type Cluster, nodeNamed } from "./cluster.ts";
import type { DaemonControl } from "./daemon-control.ts";
import type { Node } from "./node.ts";

/**
 * Tells Slurm that its files name other nodes. Up to 23.02 a running slurmctld does not take other nodes: it has to be started again,
 * and so has a backup in any release, which would know the old ones when it took over. Daemons that were stopped stay so.
 */
export async function tellSlurmctld(
  cluster: Cluster,
  daemons: Pick<DaemonControl, "runs" | "restart">,
): Promise<void> {
  const [primary, ...backups] = controllersOf(cluster.plan).map(({ name }) => nodeNamed(cluster, name));
  if (!primary) return;
  const restart = async (node: Node) => {
    if (await daemons.runs(node, "slurmctld")) await daemons.restart(node, "slurmctld");
  };
  if (!since(cluster.plan.slurm, "23.11")) await restart(primary);
  await primary.run(["scontrol", "reconfigure"]);
  for (const backup of backups) await restart(backup);
}
