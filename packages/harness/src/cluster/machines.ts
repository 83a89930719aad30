import type { Cluster } from "./cluster.ts";
import type { DaemonControl } from "./daemon-control.ts";
import { clusterNames } from "./names.ts";
import type { Node } from "./node.ts";

/** A node loses its power: every process in it ends at once, its daemons and jobs among them, in all of its containers. */
export async function powerOff({ engine }: Cluster, node: Node): Promise<void> {
  await engine.killContainer(node.machine);
}

/** It gets it back, and its daemons are started in their order. To Slurm it has not rebooted: a container has its host's boot time. */
export async function powerOn({ engine }: Cluster, node: Node, daemons: DaemonControl): Promise<void> {
  for (const container of node.containers) await engine.startContainer(container);
  await daemons.startAll(node);
}

const HOSTS = "/etc/hosts";
const HOSTS_KEPT = "/etc/hosts.slurmlab-unplugged";

/** Pulls a node's cable. It knows everybody's name still, and reaches nobody. */
export async function unplug({ engine, id }: Cluster, node: Node): Promise<void> {
  await node.run(["cp", HOSTS, HOSTS_KEPT]);
  await engine.disconnect(clusterNames(id).network, node.machine);
  // Docker takes the names of all containers on that network out of the file, those that were given to it too.
  await node.run(["cp", HOSTS_KEPT, HOSTS]);
}

/** With the address it had, unless it is to have another one: slurmctld loses a slurmd whose address changes. */
export async function plugIn({ engine, id }: Cluster, node: Node, address = node.address): Promise<void> {
  await engine.connect(clusterNames(id).network, node.machine, address);
  const { code } = await node.exec(["test", "-e", HOSTS_KEPT]);
  if (code === 0) await node.run(["cp", HOSTS_KEPT, HOSTS]);
  await node.exec(["rm", "-f", HOSTS_KEPT]);
}
