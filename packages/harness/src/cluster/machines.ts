import type { Cluster } from "./cluster.ts";
import type { DaemonControl } from "./daemon-control.ts";
import { clusterNames } from "./names.ts";
import type { Node } from "./node.ts";

/** A node loses its power: every process in it ends at once, its daemons and jobs among them. */
export async function powerOff({ engine }: Cluster, node: Node): Promise<void> {
  await engine.killContainer(node.container);
}

/** It gets it back, and its daemons are started in their order. To Slurm it has not rebooted: a container has its host's boot time. */
export async function powerOn({ engine }: Cluster, node: Node, daemons: DaemonControl): Promise<void> {
  await engine.startContainer(node.container);
  await daemons.startAll(node);
}

export async function unplug({ engine, id }: Cluster, node: Node): Promise<void> {
  await engine.disconnect(clusterNames(id).network, node.container);
}

/** With the address it had: slurmctld loses a slurmd whose address changes. */
export async function plugIn({ engine, id }: Cluster, node: Node): Promise<void> {
  await engine.connect(clusterNames(id).network, node.container, node.address);
}
