import {
  type ClusterPlan,
  cgroupOf,
  confServer,
  controllersOf,
  isPresent,
  nodeWith,
  renderBundle,
  stateSaveLocation,
  unixUsers,
} from "@slurmlab/config-gen";
import type { ImageSet } from "@slurmlab/images";
import type { ContainerSpec, Engine } from "../engine/engine.ts";
import { LABEL, type Labels } from "../engine/labels.ts";
import { LabError } from "../errors/lab-error.ts";
import type { Undo } from "../errors/undo.ts";
import { fillAccounting, makeReservations } from "./accounting.ts";
import type { Cluster } from "./cluster.ts";
import { startDaemons } from "./daemons.ts";
import { filesFor, nodeTar } from "./files.ts";
import { decideGpus, type GpuDecision } from "./gpus.ts";
import { type Facts, factsFor, probeGround } from "./ground.ts";
import { mockGpuState } from "./mock-gpu-state.ts";
import { clusterNames } from "./names.ts";
import { type ClusterNetwork, createClusterNetwork } from "./network.ts";
import { Node } from "./node.ts";
import { imageOf, PROBE_ROLE } from "./node-images.ts";
import { awaitReady } from "./ready.ts";
import { partsOf } from "./roles.ts";
import { newSecrets } from "./secrets.ts";

export interface StartOptions {
  readonly id: string;
  readonly plan: ClusterPlan;
  readonly images: ImageSet;
  /** Put on everything, with the cluster's own. */
  readonly labels: Labels;
  readonly undo: Undo;
  readonly signal: AbortSignal;
  /** Throws where this machine will not do, before a node is made. */
  readonly checkMachine?: (facts: Facts) => void;
  /** What is going on, as one short line. */
  readonly onProgress: (line: string) => void;
}

/**
 * Starts a cluster and resolves when it is ready: every node IDLE, the cluster registered in accounting, and a
 * job over all workers COMPLETED in sacct. Everything it makes is registered in `undo` before it is made.
 */
export async function startCluster(engine: Engine, options: StartOptions): Promise<Cluster> {
  const { id, undo, signal } = options;
  // Cloud and future nodes have no container, and stand in slurm.conf all the same.
  const plan = { ...options.plan, nodes: options.plan.nodes.filter(isPresent) };
  const names = clusterNames(id);
  const labels: Labels = { ...options.labels, [LABEL.cluster]: id, [LABEL.slurm]: options.images.slurm };
  const nodeNames = plan.nodes.map((node) => node.name);

  undo.add("remove the network", () => engine.remove("network", names.network));
  undo.add("remove the volume of /home", () => engine.remove("volume", names.home));
  const shared = controllersOf(plan).length > 1;
  if (shared) undo.add("remove the volume of StateSaveLocation", () => engine.remove("volume", names.state));
  undo.add("remove the probe container", () => engine.remove("container", names.container("ground")));
  const [found, network] = await allDone([
    probeGround(engine, { name: names.container("ground"), image: options.images.tags[PROBE_ROLE], labels }),
    createClusterNetwork(engine, { name: names.network, labels, nodes: nodeNames }),
    engine.createVolume({ name: names.home, labels }),
    shared ? engine.createVolume({ name: names.state, labels }) : Promise.resolve(),
  ]);
  const facts = confinedAs(plan, factsFor(plan.slurm, found));
  options.checkMachine?.(facts);
  const gpus = decideGpus(plan, facts);
  options.onProgress(`cgroup ${facts.cgroup}${gpus ? `; ${gpus.line}` : ""}`);
  const bundle = renderBundle(options.plan, { cgroup: facts.cgroup, gpus: gpus?.gpus ?? {} }, newSecrets());

  signal.throwIfAborted();
  undo.add("remove the containers", async () => {
    await allDone(nodeNames.map((name) => engine.remove("container", names.container(name))));
  });
  options.onProgress(`starting ${nodeNames.length} nodes`);
  // The first node that cannot start ends the waiting of all the others, and is the one that is told of.
  const failed = new AbortController();
  const going = AbortSignal.any([signal, failed.signal]);
  const accounting = Promise.withResolvers<void>();
  // Nobody may be waiting for it when the start fails before slurmdbd is up.
  accounting.promise.catch(() => {});
  const nodes = await allDone(
    plan.nodes.map(async (node, index) => {
      const spec = containerSpec(node.name, { options, labels, network, facts, gpus });
      const container = await engine.createContainer(spec);
      const share = gpus?.gpus[node.name];
      const extra = share && gpus?.mode === "mock" ? [mockGpuState(index, share)] : [];
      await engine.putFiles(container, nodeTar(filesFor(node, bundle), unixUsers(plan), extra));
      await engine.startContainer(container);
      const address = network.addresses[node.name] ?? "";
      const started = new Node(engine, { plan: node, address, container, image: spec.image });
      try {
        const onSlurmdbd = async () => {
          await fillAccounting(started, plan, options.onProgress, going);
          accounting.resolve();
        };
        await startDaemons(started, plan, { signal: going, accounting: accounting.promise, onSlurmdbd });
      } catch (error) {
        if (!going.aborted) failed.abort(error);
        accounting.reject(error);
        throw failed.signal.aborted ? failed.signal.reason : error;
      }
      return started;
    }),
  );
  const cluster: Cluster = { id, engine, plan, facts, gpus, nodes, bundle, signal };
  await awaitReady(cluster, options.onProgress);
  await makeReservations(cluster, options.onProgress);
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

function containerSpec(
  name: string,
  context: {
    options: StartOptions;
    labels: Labels;
    network: ClusterNetwork;
    facts: Facts;
    gpus: GpuDecision | undefined;
  },
): ContainerSpec {
  const { options, labels, network, facts, gpus } = context;
  const { plan, id } = options;
  const names = clusterNames(id);
  const node = plan.nodes.find((candidate) => candidate.name === name) ?? nodeWith(plan, "slurmctld");
  const parts = partsOf(node.roles, plan);
  const share = gpus?.gpus[name] ?? [];
  const minors = share.flatMap((gpu) => gpu.minors);
  const mock = gpus?.mode === "mock" && minors.length > 0 && "major" in facts.mockGpus;
  const worker = node.roles.includes("slurmd");
  const sharesState = node.roles.includes("slurmctld") && controllersOf(plan).length > 1;
  return {
    name: names.container(name),
    hostname: name,
    image: imageOf(options.images, node),
    labels: { ...labels, [LABEL.node]: name, [LABEL.roles]: node.roles.join(",") },
    env: {
      SLURMLAB_DAEMONS: parts.daemons.map((daemon) => daemon.name).join(" "),
      SLURMLAB_CGROUP: worker ? facts.cgroup : "none",
      // Compared with what made the tables in the data folder.
      ...(node.roles.includes("database") ? { SLURMLAB_SLURM: options.images.slurm } : {}),
      // slurmd cuts the host's name at its first dot, and would be a stranger to slurmctld.
      ...(worker && name.includes(".") ? { SLURMLAB_NODE: name } : {}),
      ...(worker && plan.configless ? { SLURMLAB_CONF_SERVER: confServer(plan) ?? "" } : {}),
      ...(mock && "major" in facts.mockGpus
        ? {
            SLURMLAB_GPU_MAJOR: String(facts.mockGpus.major),
            SLURMLAB_GPU_MINORS: minors.join(" "),
            SLURMLAB_GPU_DETECTION: plan.gpuDetection,
          }
        : {}),
    },
    network: { name: network.name, address: network.addresses[name] ?? "" },
    // Names from a file, not from the engine's DNS: a node's name must resolve before its container runs.
    hosts: network.addresses,
    volumes: {
      ...(parts.home ? { "/home": names.home } : {}),
      ...(sharesState ? { [stateSaveLocation(plan)]: names.state } : {}),
    },
    ownVolumes: parts.volumes.filter((path) => !sharesState || path !== stateSaveLocation(plan)),
    capabilities: parts.capabilities,
    // AutoDetect=nvidia reads files of the kernel's, over which the node mounts the mock's.
    mounts: worker && (facts.cgroup !== "none" || (mock && plan.gpuDetection === "nvidia")),
    ...(facts.openFiles ? { openFiles: facts.openFiles } : {}),
    ...(mock && "major" in facts.mockGpus
      ? { deviceRules: mockDeviceRules(facts.mockGpus.major, minors) }
      : {}),
    ...(gpus?.mode === "real" && minors.length > 0 ? { gpus: minors } : {}),
  };
}

/**
 * A rule for each device, never `c 195:*`: a cgroup v1 that denies by default forgets an exception only when it is
 * told exactly the same one, so Slurm's `c 195:1` would leave a job all of `195:*` without any error.
 */
function mockDeviceRules(major: number, minors: readonly number[]): string[] {
  return [...minors, 255].map((minor) => `c ${major}:${minor} rwm`);
}

/** Like Promise.all, but lets everything end before it rejects: nothing is still being made while it is undone. */
async function allDone<T extends readonly unknown[]>(
  work: readonly [...{ [K in keyof T]: Promise<T[K]> }],
): Promise<T>;
async function allDone<T>(work: readonly Promise<T>[]): Promise<T[]>;
async function allDone(work: readonly Promise<unknown>[]): Promise<unknown[]> {
  const results = await Promise.allSettled(work);
  const failure = results.find((result) => result.status === "rejected");
  if (failure) throw failure.reason;
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value);
}
