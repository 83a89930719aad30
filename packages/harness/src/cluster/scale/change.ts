import {
  type ClusterPlan,
  type ConfigFile,
  compressHostlist,
  type PlannedMachine,
  type WorkersChange,
} from "@slurmlab/config-gen";
import type { Undo } from "../../errors/undo.ts";
import { type Cluster, nodeNamed } from "../cluster.ts";
import { DaemonControl } from "../daemon-control.ts";
import type { GpuDecision } from "../gpus.ts";
import { freeAddresses } from "../network.ts";
import type { Node } from "../node.ts";
import { tellSlurmctld } from "../tell-slurmctld.ts";
import { emptyNodes, type LeavingOptions } from "./jobs.ts";
import { networkOf, startMachines } from "./machines.ts";
import { type FileChange, fileChanges } from "./node-files.ts";
import { awaitUp } from "./up.ts";

/** What a cluster is to be. */
export interface Goal {
  readonly plan: ClusterPlan;
  readonly gpus: GpuDecision | undefined;
  readonly bundle: readonly ConfigFile[];
  /** Containers that are to come. */
  readonly machines: readonly PlannedMachine[];
  readonly change: WorkersChange;
}

/**
 * Changes a cluster's workers: those that go are drained; new containers come; files and /etc/hosts say so everywhere; Slurm is told;
 * new daemons start, and are waited for. How each is undone is registered before it is done. Resolves to the machines that nothing needs
 * any more: what is removed does not come back.
 */
export async function changeWorkers(
  cluster: Cluster,
  goal: Goal,
  options: LeavingOptions,
): Promise<readonly Node[]> {
  const { undo, onProgress, signal } = options;
  const { remove } = goal.change;
  const added = goal.change.add.flatMap(({ names }) => names);
  const daemons = new DaemonControl(cluster);
  const staying = cluster.nodes.filter(({ name, packed }) =>
    packed.length > 0 ? !packed.some((node) => remove.includes(node.name)) : !remove.includes(name),
  );
  const leaving = cluster.nodes.filter((node) => !staying.includes(node));
  const before = { plan: cluster.plan, gpus: cluster.gpus, nodes: cluster.nodes, network: cluster.network };
  // All of it before anything is done: a file that somebody has changed is found here.
  const changes = await fileChanges(cluster, { ...goal, nodes: staying });
  const addresses = freeAddresses(
    cluster.nodes.map(({ address }) => address),
    goal.machines.length,
  );
  if (remove.length > 0) await emptyNodes(cluster, remove, options);
  signal.throwIfAborted();
  if (added.length > 0) onProgress(`starting ${compressHostlist(added)}`);
  const coming = await startMachines(cluster, goal, { staying, addresses, undo });
  signal.throwIfAborted();
  undo.add("start the daemons of those that were to go", async () => {
    for (const name of remove) await daemons.start(nodeNamed(cluster, name), "slurmd");
  });
  for (const name of remove) await daemons.stop(nodeNamed(cluster, name), "slurmd");
  undo.add("tell Slurm so", async () => {
    Object.assign(cluster, before);
    await tellSlurmctld(cluster, daemons);
  });
  await writeAll([...changes, ...(await hostsChanges(staying, leaving, coming))], undo);
  Object.assign(cluster, {
    plan: goal.plan,
    gpus: goal.gpus,
    nodes: [...staying, ...coming],
    network: networkOf(cluster, [...staying, ...coming]),
  });
  onProgress("telling slurmctld");
  await tellSlurmctld(cluster, daemons);
  if (coming.length > 0) await awaitUp(cluster, { ...options, coming, added });
  return leaving;
}

/** /etc/hosts of those that stay; a new one was made with all names. */
async function hostsChanges(
  staying: readonly Node[],
  leaving: readonly Node[],
  coming: readonly Node[],
): Promise<FileChange[]> {
  const gone = new Set(leaving.map(({ name }) => name));
  const lines = coming.map(({ name, address }) => `${address}\t${name}\n`).join("");
  return await Promise.all(
    staying.map(async (node) => {
      const path = "/etc/hosts";
      const from = await node.run(["cat", path]);
      const kept = from.split("\n").filter((line) => !gone.has(line.split(/\s+/)[1] ?? ""));
      return { node, path, from, to: kept.join("\n") + lines };
    }),
  );
}

async function writeAll(changes: readonly FileChange[], undo: Undo): Promise<void> {
  // `tee` keeps the file's owner and mode.
  const write = async (of: "from" | "to") => {
    await Promise.all(changes.map(({ node, path, [of]: stdin }) => node.run(["tee", path], { stdin })));
  };
  undo.add("put the files back", () => write("from"));
  await write("to");
}
