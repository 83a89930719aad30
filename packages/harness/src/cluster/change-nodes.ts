import type { ConfigFile, PlannedNode } from "@slurmlab/config-gen";
import { withNode, withoutNode } from "../slurm/conf-nodes.ts";
import { changeFiles } from "./change-files.ts";
import { type Cluster, nodeNamed } from "./cluster.ts";
import { containerSpec } from "./container-spec.ts";
import type { DaemonControl } from "./daemon-control.ts";
import { filesFor } from "./files.ts";
import { clusterNames } from "./names.ts";
import { spareAddress } from "./network.ts";
import { Node } from "./node.ts";
import { startFor } from "./release.ts";
import { tellSlurmctld } from "./tell-slurmctld.ts";

/**
 * Puts one more worker into a running cluster, in every way like another one, as an administrator does: its name goes into every
 * file that names the other one, slurmctld is told, and its slurmd is started.
 */
export async function addNode(
  cluster: Cluster,
  name: string,
  like: string,
  daemons: DaemonControl,
): Promise<void> {
  const model = nodeNamed(cluster, like);
  const address = spareAddress(cluster.nodes.map((node) => node.address));
  const planned: PlannedNode = { ...model.plan, name, written: undefined };
  const partitions = cluster.plan.partitions.map((partition) =>
    partition.nodes.includes(like) ? { ...partition, nodes: [...partition.nodes, name] } : partition,
  );
  const plan = { ...cluster.plan, nodes: [...cluster.plan.nodes, planned], partitions };
  const network = { ...cluster.network, addresses: { ...cluster.network.addresses, [name]: address } };
  const share = cluster.gpus?.gpus[like];
  const gpus =
    cluster.gpus && share ? { ...cluster.gpus, gpus: { ...cluster.gpus.gpus, [name]: share } } : cluster.gpus;
  const changed = { ...cluster, plan, network, gpus };

  const change = (text: string) => withNode(text, name, like);
  const files = filesFor(model.plan, cluster.bundle).map((file) =>
    typeof file.content === "string" ? { ...file, content: change(file.content), nodes: [name] } : file,
  );
  const release = { plan, images: cluster.images, bundle: files };
  const container = clusterNames(cluster.id).container(name);
  cluster.undo.add(`remove ${name}`, () => cluster.engine.remove("container", container));
  const spec = { ...containerSpec({ ...planned, packed: [] }, release, changed), image: model.image };
  const id = await startFor(planned, spec, { engine: cluster.engine, release, gpus });
  const node = new Node(cluster.engine, {
    plan: planned,
    address,
    container: id,
    image: model.image,
    slurm: cluster.images.slurm,
  });
  await changeFiles(cluster, namesNodes, change);
  for (const each of cluster.nodes)
    await each.run(["tee", "--append", "/etc/hosts"], { stdin: `${address}\t${name}\n` });
  // Whoever asks for the cluster's nodes from now on sees it.
  Object.assign(cluster, { plan, network, gpus, nodes: [...cluster.nodes, node] });
  await tellSlurmctld(cluster, daemons);
  await daemons.startAll(node);
}

/** Takes a worker out of a running cluster: slurmd is stopped, and its name taken out of every file. The machine stays, with its logs. */
export async function removeNode(cluster: Cluster, name: string, daemons: DaemonControl): Promise<void> {
  const node = nodeNamed(cluster, name);
  await daemons.stop(node, "slurmd");
  const others = { ...cluster, nodes: cluster.nodes.filter((each) => each !== node) };
  await changeFiles(others, namesNodes, (text) => withoutNode(text, name));
  const partitions = cluster.plan.partitions.map((partition) => ({
    ...partition,
    nodes: partition.nodes.filter((each) => each !== name),
  }));
  const nodes = cluster.plan.nodes.filter((each) => each.name !== name);
  Object.assign(cluster, { nodes: others.nodes, plan: { ...cluster.plan, nodes, partitions } });
  await tellSlurmctld(cluster, daemons);
}

/** Files that may name nodes. Secret ones name none. */
const namesNodes = ({ path, secret }: ConfigFile) => !secret && path.endsWith(".conf");
