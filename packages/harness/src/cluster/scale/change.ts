import {
  type ClusterPlan,
  type ConfigFile,
  compressHostlist,
  type PlannedMachine,
  type WorkersChange,
} from "@slurmlab/config-gen";
import { type Condition, until } from "../../conditions/condition.ts";
import { hopeless, met, pending, type Sighting } from "../../conditions/probe.ts";
import type { Undo } from "../../errors/undo.ts";
import { parseNodeState, parseRecords } from "../../slurm/records.ts";
import { allDone } from "../all-done.ts";
import { type Cluster, nodeNamed } from "../cluster.ts";
import { containerSpec } from "../container-spec.ts";
import { DaemonControl } from "../daemon-control.ts";
import { startDaemons } from "../daemons.ts";
import type { GpuDecision } from "../gpus.ts";
import type { Look } from "../lens.ts";
import { clusterNames } from "../names.ts";
import { freeAddresses } from "../network.ts";
import { Node } from "../node.ts";
import { startFor } from "../release.ts";
import { tellSlurmctld } from "../tell-slurmctld.ts";
import { workersUp } from "../workers.ts";
import { emptyNodes, type LeavingOptions } from "./jobs.ts";
import { type FileChange, fileChanges, filesLike } from "./node-files.ts";

export type ScaleOptions = Omit<LeavingOptions, "undo">;

/** What a cluster is to be. */
export interface Goal {
  readonly plan: ClusterPlan;
  readonly gpus: GpuDecision | undefined;
  readonly bundle: readonly ConfigFile[];
  /** Containers that are to come. */
  readonly machines: readonly PlannedMachine[];
  readonly change: WorkersChange;
}

/** Longest wait for a new worker, in milliseconds, and a share for each: slurmd's start and registration. */
const UP_MS = { all: 60_000, each: 2_000 } as const;

/**
 * Changes a cluster's workers: those that go are drained; new containers come; files and /etc/hosts say so everywhere; Slurm is told;
 * new daemons start, and are waited for. How each is undone is registered before it is done. Resolves to the machines that nothing needs
 * any more: what is removed does not come back.
 */
export async function changeWorkers(
  cluster: Cluster,
  goal: Goal,
  options: ScaleOptions & { readonly undo: Undo },
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
  if (coming.length > 0) await awaitUp(cluster, { coming, added, options });
  return leaving;
}

/** Makes the new containers, with the files of the workers that they are like; their daemons wait. */
async function startMachines(
  cluster: Cluster,
  goal: Goal,
  options: {
    readonly staying: readonly Node[];
    readonly addresses: readonly string[];
    readonly undo: Undo;
  },
): Promise<Node[]> {
  const { engine, images } = cluster;
  const { plan, gpus, machines } = goal;
  const { staying, addresses, undo } = options;
  const planned = machines.map((machine, i) => ({ machine, address: addresses[i] ?? "" }));
  const all = [...staying, ...planned.map(({ machine: { name }, address }) => ({ name, address }))];
  const around = { ...cluster, gpus, network: networkOf(cluster, all) };
  return await allDone(
    planned.map(async ({ machine, address }) => {
      const first = machine.packed[0]?.name ?? machine.name;
      const group = goal.change.add.find(({ names }) => names.includes(first));
      const model = nodeNamed(cluster, group?.like ?? "");
      const bundle = await filesLike(model, machine, { before: cluster.bundle, after: goal.bundle });
      const container = clusterNames(cluster.id).container(machine.name);
      undo.add(`remove ${machine.name}`, () => engine.remove("container", container));
      const { image } = model;
      const spec = { ...containerSpec(machine, { plan, images }, around), image };
      const id = await startFor(machine, spec, { engine, release: { plan, images, bundle }, gpus });
      return new Node(engine, { plan: machine, address, container: id, image, slurm: images.slurm });
    }),
  );
}

function networkOf(
  { network }: Cluster,
  nodes: readonly Pick<Node, "name" | "address">[],
): Cluster["network"] {
  return { ...network, addresses: Object.fromEntries(nodes.map(({ name, address }) => [name, address])) };
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

async function awaitUp(
  cluster: Cluster,
  wanted: {
    readonly coming: readonly Node[];
    readonly added: readonly string[];
    readonly options: ScaleOptions;
  },
): Promise<void> {
  const { coming, added, options } = wanted;
  const { signal, onProgress } = options;
  const names = workersUp(cluster.plan).filter((name) => added.includes(name));
  onProgress(`waiting for ${compressHostlist(names)} to be IDLE`);
  const there = Promise.resolve();
  const controller = Promise.withResolvers<void>();
  controller.resolve();
  const started = coming.map((node) =>
    startDaemons(node, cluster.plan, {
      signal,
      accounting: there,
      controller,
      onSlurmdbd: () => there,
    }),
  );
  await cluster.waits.during(Promise.all(started));
  await until(cluster, nodesUp(names), { withinMs: UP_MS.all + UP_MS.each * names.length, signal });
}

/** All these workers to be IDLE, or at work already: a queue may have waited for them. */
function nodesUp(names: readonly string[]): Condition<true> {
  return {
    title: `${compressHostlist(names)} to be IDLE, or at work already`,
    at: "slurmctld",
    argv: ["scontrol", "-o", "show", "node"],
    judge: (look) => allUp(look, names),
  };
}

/** States of a node that does what it is there for. */
const UP = new Set(["IDLE", "ALLOCATED", "MIXED"]);
const FLAGS = new Set(["RESERVED", "MAINTENANCE", "COMPLETING", "PLANNED"]);

/** Pure: judges what `scontrol -o show node` printed. */
export function allUp(look: Look, names: readonly string[]): Sighting<true> {
  if (look.code !== 0) return pending(look.output.trim() || `exit code ${look.code}`);
  const states = new Map(parseRecords(look.output).map((node) => [node.get("NodeName"), node]));
  const waiting: string[] = [];
  for (const name of names) {
    const { base, flags } = parseNodeState(states.get(name)?.get("State") ?? "missing");
    if (UP.has(base) && flags.every((flag) => FLAGS.has(flag))) continue;
    const reason = states.get(name)?.get("Reason");
    const seen = `${name} is ${[base, ...flags].join("+")}${reason ? ` (${reason})` : ""}`;
    if (flags.includes("INVALID_REG") || flags.includes("DRAIN")) return hopeless(seen);
    waiting.push(seen);
  }
  return waiting.length === 0 ? met(true) : pending(waiting.slice(0, 5).join(", "));
}
