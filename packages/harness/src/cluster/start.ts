import {
  type ClusterPlan,
  cgroupOf,
  isPresent,
  machinesOf,
  type PlannedMachine,
  renderBundle,
} from "@slurmlab/config-gen";
import type { Engine } from "../engine/engine.ts";
import { LABEL, type Labels } from "../engine/labels.ts";
import { LabError } from "../errors/lab-error.ts";
import type { Undo } from "../errors/undo.ts";
import type { Snapshot } from "../snapshot/record.ts";
import { fillAccounting, makeReservations } from "./accounting.ts";
import { allDone } from "./all-done.ts";
import type { Cluster } from "./cluster.ts";
import { containerSpec, type InRelease, type Surroundings } from "./container-spec.ts";
import { startDaemons } from "./daemons.ts";
import { decideGpus } from "./gpus.ts";
import { type Facts, factsFor, probeGround } from "./ground.ts";
import { clusterNames } from "./names.ts";
import { createClusterNetwork } from "./network.ts";
import { Node } from "./node.ts";
import { type NodeImages, PROBE_ROLE } from "./node-images.ts";
import { awaitReady } from "./ready.ts";
import { filesAfter, type Release, startFor } from "./release.ts";
import { awaitRestored } from "./restored.ts";
import { checkDisk, checkMemory } from "./room.ts";
import { newSecrets } from "./secrets.ts";
import { decideStorage } from "./storage.ts";
import { clientsFirst } from "./sweep.ts";
import { makeVolumes, ownersFiles } from "./volumes.ts";
import { Waits } from "./waits.ts";

/** From so many containers on, somebody who waits is told that there is another way. */
const MANY_MACHINES = 100;

export interface StartOptions {
  readonly id: string;
  readonly plan: ClusterPlan;
  readonly images: NodeImages;
  /** Other releases that nodes may be upgraded to. */
  readonly upgrades?: readonly InRelease[];
  /** What it goes on from, instead of from nothing. */
  readonly snapshot?: Snapshot | undefined;
  /** Put on everything, with the cluster's own. */
  readonly labels: Labels;
  readonly undo: Undo;
  readonly signal: AbortSignal;
  /** Told of each wait for Slurm. */
  readonly waits?: Waits;
  /** Throws where this machine will not do, before a node is made. */
  readonly checkMachine?: (facts: Facts) => void;
  /** What is going on, as one short line. */
  readonly onProgress: (line: string) => void;
}

/**
 * Starts a cluster and resolves when it is ready: every node IDLE, the cluster registered in accounting, and a
 * job over all workers COMPLETED in sacct; from a snapshot, when every node is as it was there. Everything it makes is registered in `undo` before it is made.
 */
export async function startCluster(engine: Engine, options: StartOptions): Promise<Cluster> {
  const { id, undo, signal, snapshot, waits = new Waits() } = options;
  // Cloud and future nodes have no container, and stand in slurm.conf all the same.
  const wanted = { ...options.plan, nodes: options.plan.nodes.filter(isPresent) };
  const names = clusterNames(id);
  const labels: Labels = { ...options.labels, [LABEL.cluster]: id, [LABEL.slurm]: options.images.slurm };
  checkMemory(wanted, engine.facts);
  checkDisk(wanted, engine.facts);
  const nodeNames = machinesOf(wanted).map((node) => node.name);

  undo.add("remove the network", () => engine.remove("network", names.network));
  undo.add("remove the probe container", () => engine.remove("container", names.container("ground")));
  const [found, network] = await allDone([
    probeGround(engine, {
      name: names.container("ground"),
      image: options.images.tags[PROBE_ROLE],
      labels,
      nfs: wanted.storage !== "volume",
    }),
    createClusterNetwork(engine, { name: names.network, labels, nodes: nodeNames }),
    makeVolumes(engine, wanted, { id, labels, undo, snapshot }),
  ]);
  const facts = confinedAs(wanted, factsFor(wanted.slurm, found.facts));
  options.checkMachine?.(facts);
  const plan = decideStorage(wanted, facts, options.onProgress);
  const machines = machinesOf(plan);
  const gpus = decideGpus(plan, facts);
  options.onProgress(`cgroup ${facts.cgroup}${gpus ? `; ${gpus.line}` : ""}`);
  const secrets = newSecrets();
  // The ground stays that of the release that is started: how jobs are confined must not change while they run.
  const rendered = (release: InRelease): Release => {
    const decided = { ...release.plan, storage: plan.storage };
    const ground = { cgroup: facts.cgroup, gpus: gpus?.gpus ?? {} };
    return { ...release, plan: decided, bundle: renderBundle(decided, ground, secrets) };
  };
  const release = rendered(options);

  const around: Surroundings = { id, labels, network, facts, gpus, restored: snapshot !== undefined };

  signal.throwIfAborted();
  undo.add("remove the containers", async () => {
    for (const together of clientsFirst(machines, ({ roles }) => roles))
      await allDone(together.map(({ name }) => engine.remove("container", names.container(name))));
  });
  const packed = plan.nodes.length > machines.length ? ` in ${machines.length} containers` : "";
  const slow =
    machines.length > MANY_MACHINES
      ? "; it takes minutes, and less where workers share a container (packed: 250)"
      : "";
  options.onProgress(`starting ${plan.nodes.length} nodes${packed}${slow}`);
  const startNode = async (node: PlannedMachine) => {
    const spec = containerSpec(node, { plan, images: options.images }, around);
    const container = await startFor(node, spec, {
      engine,
      release,
      gpus,
      files: ownersFiles(plan, snapshot !== undefined),
    });
    const address = network.addresses[node.name] ?? "";
    const { image } = spec;
    return new Node(engine, { plan: node, address, container, image, slurm: options.images.slurm });
  };
  // The first node that cannot start ends the waiting of all the others, and is the one that is told of.
  const failed = new AbortController();
  const going = AbortSignal.any([signal, failed.signal]);
  const accounting = Promise.withResolvers<void>();
  const controller = Promise.withResolvers<void>();
  // Nobody may be waiting for them when the start fails before slurmdbd is up.
  for (const { promise } of [accounting, controller]) promise.catch(() => {});
  const nodes = await allDone(
    machines.map(async (node) => {
      try {
        const started = await startNode(node);
        const onSlurmdbd = async () => {
          if (!snapshot) await fillAccounting(started, plan, options.onProgress, going);
          accounting.resolve();
        };
        await waits.during(
          startDaemons(started, plan, {
            signal: going,
            accounting: accounting.promise,
            controller,
            onSlurmdbd,
          }),
        );
        return started;
      } catch (error) {
        if (!going.aborted) failed.abort(error);
        accounting.reject(error);
        controller.reject(error);
        throw failed.signal.aborted ? failed.signal.reason : error;
      }
    }),
  );
  const upgrades = (options.upgrades ?? [])
    .map(rendered)
    .map((each) => ({ ...each, bundle: filesAfter(release.bundle, each.bundle) }));
  const cluster: Cluster = {
    ...around,
    engine,
    plan,
    images: options.images,
    nodes,
    bundle: release.bundle,
    upgrades,
    undo,
    signal,
    waits,
  };
  if (snapshot) await awaitRestored(cluster, snapshot.record, options.onProgress);
  else {
    await awaitReady(cluster, options.onProgress);
    await makeReservations(cluster, options.onProgress);
  }
  await found.gone;
  return cluster;
}

/** What the specification says of cgroups, where the machine can do it; a wish that it cannot fulfil is refused. */
function confinedAs(plan: ClusterPlan, facts: Facts): Facts {
  const wanted = cgroupOf(plan, facts);
  if (wanted === facts.cgroup) return facts;
  if (wanted === "none") return { ...facts, cgroup: "none", cgroupWhy: "the specification says so" };
  throw new LabError({
    kind: "bad-input",
    message: `the cluster wants cgroup ${wanted}`,
    seen: `cgroup ${facts.cgroup}${facts.cgroupWhy ? `: ${facts.cgroupWhy}` : ""}`,
    hint: "cgroup: auto takes what there is",
  });
}
