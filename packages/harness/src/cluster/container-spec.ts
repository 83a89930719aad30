import {
  type ClusterPlan,
  compressHostlist,
  confServer,
  controllersOf,
  nodeWith,
  type PlannedMachine,
  type PlannedNode,
  stateSaveLocation,
} from "@slurmlab/config-gen";
import type { ContainerSpec } from "../engine/engine.ts";
import { LABEL, type Labels } from "../engine/labels.ts";
import type { GpuDecision } from "./gpus.ts";
import type { Facts } from "./ground.ts";
import { clusterNames } from "./names.ts";
import type { ClusterNetwork } from "./network.ts";
import { imageOf, type NodeImages } from "./node-images.ts";
import { partsOf, slurmDaemons } from "./roles.ts";
import { DATA_FOLDER } from "./volumes.ts";

/** What the containers of one cluster have in common, whatever release they are of. */
export interface Surroundings {
  readonly id: string;
  readonly labels: Labels;
  readonly network: ClusterNetwork;
  readonly facts: Facts;
  /** Undefined when no node has GPUs. */
  readonly gpus: GpuDecision | undefined;
  /** The state of slurmctld and the database is on volumes that a snapshot has filled. */
  readonly restored: boolean;
}

/** A release, and the cluster as it is planned for it. */
export interface InRelease {
  readonly plan: ClusterPlan;
  readonly images: NodeImages;
}

/** A machine's container, with its address and volumes, and every daemon of its roles. */
export function containerSpec(node: PlannedMachine, release: InRelease, around: Surroundings): ContainerSpec {
  const { id, network } = around;
  const { plan } = release;
  const names = clusterNames(id);
  const parts = partsOf(node.roles, plan);
  const controls = node.roles.includes("slurmctld");
  const sharesState =
    parts.servesState ||
    (controls && !parts.mountsState && (around.restored || controllersOf(plan).length > 1));
  const data = around.restored && node.roles.includes("database");
  return {
    ...withPacked(programs(node, release, around), node.packed),
    name: names.container(node.name),
    network: { name: network.name, address: network.addresses[node.name] ?? "" },
    // Names from a file, not from the engine's DNS: a node's name must resolve before its container runs.
    hosts: network.addresses,
    volumes: {
      ...(parts.home ? { "/home": names.home } : {}),
      ...(sharesState ? { [stateSaveLocation(plan)]: names.state } : {}),
      ...(data ? { [DATA_FOLDER]: names.database } : {}),
    },
    ownVolumes: parts.volumes.filter(
      (path) => !(sharesState || parts.mountsState) || path !== stateSaveLocation(plan),
    ),
  };
}

/**
 * A container of another release on a node that is there: the same machine, with Slurm's daemons and nothing else. The
 * node's munged goes on where it is, its socket on a volume that both have.
 */
export function joiningSpec(
  node: PlannedNode,
  machine: string,
  release: InRelease,
  around: Surroundings,
): ContainerSpec {
  const { slurm } = release.images;
  const spec = programs(node, release, around);
  return {
    ...spec,
    name: clusterNames(around.id).container(node.name, slurm),
    joins: machine,
    labels: { ...spec.labels, [LABEL.slurm]: slurm, [LABEL.upgrade]: slurm },
    env: {
      ...spec.env,
      SLURMLAB_DAEMONS: slurmDaemons(node.roles, release.plan).join(" "),
      // Process 1 is the machine's; tini has to be told that it looks after its own orphans all the same.
      TINI_SUBREAPER: "1",
    },
  };
}

/** The nodes that share a machine, each a slurmd with its own name and port. */
function withPacked<T extends Pick<ContainerSpec, "env" | "labels">>(
  spec: T,
  packed: PlannedMachine["packed"],
): T {
  if (packed.length === 0) return spec;
  const names = packed.map(({ name }) => name);
  return {
    ...spec,
    labels: { ...spec.labels, [LABEL.packed]: compressHostlist(names) },
    env: { ...spec.env, SLURMLAB_PACKED: packed.map(({ name, pack }) => `${name}:${pack?.port}`).join(" ") },
  };
}

/** What runs in a node's container and what it may do, wherever its network and its volumes are from. */
function programs(
  node: PlannedNode,
  { plan, images }: InRelease,
  { labels, facts, gpus, network }: Surroundings,
): Omit<ContainerSpec, "name"> {
  const { name } = node;
  const parts = partsOf(node.roles, plan);
  const minors = (gpus?.gpus[name] ?? []).flatMap((gpu) => gpu.minors);
  const mock = gpus?.mode === "mock" && minors.length > 0 && "major" in facts.mockGpus;
  const worker = node.roles.includes("slurmd");
  const byNfs = [
    ...(parts.mountsHome ? ["/home"] : []),
    ...(parts.mountsState ? [stateSaveLocation(plan)] : []),
  ];
  return {
    hostname: name,
    image: imageOf(images, node),
    labels: {
      ...labels,
      [LABEL.node]: name,
      [LABEL.roles]: node.roles.join(","),
      ...(byNfs.length > 0 ? { [LABEL.mounts]: byNfs.join(",") } : {}),
    },
    readsInput: true,
    env: {
      SLURMLAB_FILES: "stdin",
      SLURMLAB_DAEMONS: parts.daemons.map((daemon) => daemon.name).join(" "),
      SLURMLAB_CGROUP: worker ? facts.cgroup : "none",
      ...(byNfs.length > 0
        ? {
            SLURMLAB_NFS: network.addresses[nodeWith(plan, "nfs").name] ?? "",
            SLURMLAB_NFS_PATHS: byNfs.join(" "),
          }
        : {}),
      // Compared with what made the tables in the data folder.
      ...(node.roles.includes("database") ? { SLURMLAB_SLURM: images.slurm } : {}),
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
    capabilities: parts.capabilities,
    // AutoDetect=nvidia reads files of the kernel's, over which the node mounts the mock's.
    mounts:
      byNfs.length > 0 || (worker && (facts.cgroup !== "none" || (mock && plan.gpuDetection === "nvidia"))),
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
