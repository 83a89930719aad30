import { type ClusterPlan, controllersOf, machinesOf, renderBundle } from "@slurmlab/config-gen";
import { IMAGE_ROLES, type ImageRole, imageRoleOf } from "@slurmlab/images";
import type { Engine } from "../engine/engine.ts";
import { LABEL } from "../engine/labels.ts";
import { LabError } from "../errors/lab-error.ts";
import { Undo } from "../errors/undo.ts";
import type { Cluster } from "./cluster.ts";
import { type FoundPlan, planOfFound, rolesOf } from "./found-plan.ts";
import { decideGpus } from "./gpus.ts";
import { type Facts, factsFor, probeGround } from "./ground.ts";
import { clusterNames } from "./names.ts";
import { Node } from "./node.ts";
import { NO_SECRETS } from "./secrets.ts";
import type { FoundCluster } from "./sweep.ts";
import { Waits } from "./waits.ts";

/** A container as the engine knows it, as far as it is needed to make another one like it. */
interface Seen {
  readonly id: string;
  readonly image: string;
  readonly address: string;
  readonly env: ReadonlyMap<string, string>;
}

interface ClusterOfFound {
  readonly cluster: Cluster;
  readonly spec: FoundPlan["spec"];
  /** A plan of another specification with what was decided when the cluster was started. */
  asStarted(plan: ClusterPlan): ClusterPlan;
}

/**
 * A running cluster that some other process has started, with all that a change of its nodes needs: from labels, from the specification
 * on its controller, and from what its containers were made with. Secret files of the bundle are empty: they are in the nodes alone.
 *
 * The ground is probed again, in a container that goes at once, so that only one process may ask at a time; how jobs are confined stays what the workers have.
 */
export async function clusterOfFound(
  engine: Engine,
  found: FoundCluster,
  cannot: string,
): Promise<ClusterOfFound> {
  const { id } = found;
  const { spec, plan: written, containers } = await planOfFound(engine, found, cannot);
  const names = clusterNames(id);
  const seen = new Map(
    await Promise.all(
      containers.map(
        async (one) =>
          [one.labels[LABEL.node] ?? "", await inspected(engine, one.id, names.network)] as const,
      ),
    ),
  );
  const serves = containers.some(({ labels }) => rolesOf(labels).includes("nfs"));
  const asStarted = (other: ClusterPlan) => decidedAs(other, seen, serves);
  const plan = asStarted(written);
  const machines = machinesOf(plan).filter(({ name }) => seen.has(name));
  const worker = machines.find(({ roles }) => roles.includes("slurmd"));
  // Those of a container are its image's, too.
  const labels = found.parts.find(({ kind }) => kind === "network")?.labels ?? {};
  const tags = Object.fromEntries(IMAGE_ROLES.map((role) => [role, ""])) as Record<ImageRole, string>;
  for (const { name, roles } of machines) tags[imageRoleOf(roles)] = seen.get(name)?.image ?? "";
  const images = { slurm: found.slurm, tags };
  // One that a killed process has left has the name.
  await engine.remove("container", names.container("ground"));
  const facts = await factsOf(engine, {
    plan,
    probe: {
      name: names.container("ground"),
      image: (worker && seen.get(worker.name)?.image) ?? "",
      labels,
    },
    cgroup: (worker && seen.get(worker.name)?.env.get("SLURMLAB_CGROUP")) ?? "none",
  });
  const gpus = decideGpus(plan, facts);
  const nodes = machines.map((planned) => {
    const { id: container = "", image = "", address = "" } = seen.get(planned.name) ?? {};
    return new Node(engine, { plan: planned, container, image, address, slurm: found.slurm });
  });
  const cluster: Cluster = {
    id,
    labels,
    network: {
      name: names.network,
      addresses: Object.fromEntries(nodes.map(({ name, address }) => [name, address])),
    },
    facts,
    gpus,
    restored: found.parts.some(({ name }) => name === names.database),
    engine,
    plan,
    images,
    nodes,
    bundle: renderBundle(plan, { cgroup: facts.cgroup, gpus: gpus?.gpus ?? {} }, NO_SECRETS),
    upgrades: [],
    undo: new Undo(),
    // What has to be undone is undone although somebody has interrupted.
    signal: new AbortController().signal,
    waits: new Waits(),
  };
  if (controllersOf(plan).every(({ name }) => seen.has(name))) return { cluster, spec, asStarted };
  const gone = controllersOf(plan).filter(({ name }) => !seen.has(name));
  throw new LabError({
    kind: "bad-input",
    message: cannot,
    expected: "all of its controllers",
    seen: `no container of ${gone.map(({ name }) => name).join(", ")}`,
    where: id,
    hint: `pnpm cluster down ${id}, and pnpm cluster up starts another one`,
  });
}

/** What was decided when the cluster was started: where GPUs come from, and what /home is shared by. */
function decidedAs(plan: ClusterPlan, seen: ReadonlyMap<string, Seen>, serves: boolean): ClusterPlan {
  const mode = [...seen.values()].some(({ env }) => env.has("SLURMLAB_GPU_MAJOR")) ? "mock" : "real";
  return {
    ...plan,
    storage: serves ? "nfs" : "volume",
    nodes: plan.nodes
      .filter(({ roles }) => serves || !roles.includes("nfs"))
      .map((node) => ({ ...node, gpus: node.gpus.map((gpu) => ({ ...gpu, mode })) })),
  };
}

async function factsOf(
  engine: Engine,
  asked: {
    readonly plan: ClusterPlan;
    readonly probe: Parameters<typeof probeGround>[1];
    readonly cgroup: string;
  },
): Promise<Facts> {
  const { facts, gone } = await probeGround(engine, asked.probe);
  await gone;
  const { cgroup } = asked;
  return {
    ...factsFor(asked.plan.slurm, facts),
    cgroup: cgroup === "v1" || cgroup === "v2" ? cgroup : "none",
  };
}

async function inspected(engine: Engine, id: string, network: string): Promise<Seen> {
  const { Config, NetworkSettings } = (await engine.inspectContainer(id)) as {
    Config?: { Image?: string; Env?: readonly string[] };
    NetworkSettings?: { Networks?: Record<string, { IPAddress?: string }> };
  };
  const env = (Config?.Env ?? []).map((pair): [string, string] => {
    const [key = "", ...value] = pair.split("=");
    return [key, value.join("=")];
  });
  return {
    id,
    image: Config?.Image ?? "",
    address: NetworkSettings?.Networks?.[network]?.IPAddress ?? "",
    env: new Map(env),
  };
}
