import { LabError } from "../errors/lab-error.ts";
import { type Cluster, nodeNamed } from "./cluster.ts";
import { joiningSpec } from "./container-spec.ts";
import type { DaemonControl } from "./daemon-control.ts";
import { startDaemon } from "./daemons.ts";
import type { Node, NodeContainer } from "./node.ts";
import { type Release, startFor } from "./release.ts";
import { type Daemon, partsOf } from "./roles.ts";
import type { UpgradePart } from "./upgrade-order.ts";

/** A part of a cluster that is to be taken to another release. */
export interface Upgrade {
  readonly part: UpgradePart;
  /** In the order in which they are taken. */
  readonly nodes: readonly string[];
  readonly to: Release;
}

/**
 * Takes a daemon (or the commands of a login node) to another release in place: beside the node's container comes one of
 * the new release, the old daemon is stopped alone, and the new one is started on what it left. slurmstepd and the jobs
 * stay in the old container, whose processes the new slurmd sees as its own.
 *
 * Workers are taken one after the other; controllers are all stopped before the first of them is started again.
 */
export async function upgradeInPlace(
  cluster: Cluster,
  upgrade: Upgrade,
  daemons: DaemonControl,
): Promise<void> {
  const { part, to } = upgrade;
  const nodes = upgrade.nodes.map((name) => nodeNamed(cluster, name));
  // All of it before anything is stopped: what cannot be made here must not leave a daemon down.
  const places = await Promise.all(nodes.map((node) => join(cluster, node, to)));
  const all = nodes.map((node, i) => ({ node, place: places[i] as NodeContainer }));
  if (part === "client") {
    for (const { node, place } of all) node.movePrograms(place);
    return;
  }
  const daemon = daemonOf(part, to);
  if (part === "slurmctld") for (const { node } of all) await daemons.stop(node, daemon.name);
  for (const { node, place } of all) {
    if (part !== "slurmctld") await daemons.stop(node, daemon.name);
    node.moveDaemon(daemon.name, place);
    await start(cluster, node, daemon, to);
    node.movePrograms(place);
  }
}

/**
 * Puts a daemon of another release in place of one that has stopped, to see that it does not come up, and starts the old
 * one again whatever is seen. `watch` is called before the new one starts, and what it gives waits for the failure.
 */
export async function upgradeInVain(
  cluster: Cluster,
  upgrade: Upgrade,
  daemons: DaemonControl,
  watch: (node: Node) => Promise<() => Promise<void>>,
): Promise<void> {
  const { part, to } = upgrade;
  const daemon = daemonOf(part, to);
  for (const node of upgrade.nodes.map((name) => nodeNamed(cluster, name))) {
    const place = await join(cluster, node, to);
    await daemons.stop(node, daemon.name);
    const failure = await watch(node);
    const putBack = node.moveDaemon(daemon.name, place);
    const tried = await outcome(async () => {
      await daemons.startInVain(node, daemon.name, "hangs");
      await failure();
    });
    const restored = await outcome(async () => {
      // It has ended by itself, or it is ended now.
      if (await daemons.runs(node, daemon.name)) await daemons.stop(node, daemon.name);
      else daemons.ends.foresee(node.name, daemon.name);
      putBack();
      await daemons.start(node, daemon.name);
    });
    // That the old one cannot be started again must not hide what came before.
    if (tried ?? restored) throw tried ?? restored;
  }
}

/** What some work rejected with, if it did. */
async function outcome(work: () => Promise<void>): Promise<unknown> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** The node's container of this release; made and started, with its daemons down, when there is none yet. */
async function join(cluster: Cluster, node: Node, release: Release): Promise<NodeContainer> {
  const { slurm } = release.images;
  const there = node.containerOf(slurm);
  if (there) return there;
  const { engine, gpus, undo } = cluster;
  const spec = joiningSpec(node.plan, node.machine, release, cluster);
  undo.add(`remove the container of Slurm ${slurm} on ${node.name}`, () =>
    engine.remove("container", spec.name),
  );
  const container = await startFor(node.plan, spec, { engine, release, gpus });
  return node.join({ container, slurm });
}

/** That a daemon of a release that should do does not come up is Slurm's doing: the claim has failed. */
async function start(cluster: Cluster, node: Node, daemon: Daemon, release: Release): Promise<void> {
  try {
    await startDaemon(node, daemon, release.plan, { signal: cluster.signal });
  } catch (error) {
    throw error instanceof LabError ? error.as("failed") : error;
  }
}

function daemonOf(part: UpgradePart, { plan }: Release): Daemon {
  const daemon =
    part === "client" ? undefined : partsOf([part], plan).daemons.find(({ name }) => name === part);
  if (daemon) return daemon;
  throw new LabError({ kind: "bad-input", message: `${part} is no daemon` });
}
