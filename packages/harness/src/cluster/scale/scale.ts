import {
  type ClusterPlan,
  compressHostlist,
  machinesOf,
  planCluster,
  renderBundle,
  ScaleError,
  scaledSpec,
  type WorkersChange,
  workersOf,
} from "@slurmlab/config-gen";
import type { Engine } from "../../engine/engine.ts";
import { LabError, messageOf } from "../../errors/lab-error.ts";
import type { Undo } from "../../errors/undo.ts";
import type { Cluster } from "../cluster.ts";
import { clusterOfFound } from "../found-cluster.ts";
import { decideGpus } from "../gpus.ts";
import type { Node } from "../node.ts";
import { checkMemoryForMore } from "../room.ts";
import { NO_SECRETS } from "../secrets.ts";
import { type FoundCluster, listClusters } from "../sweep.ts";
import { changeWorkers } from "./change.ts";
import { claimWorkers } from "./claim.ts";
import type { LeavingOptions } from "./jobs.ts";
import { checkNamesFree } from "./machines.ts";
import { moved } from "./node-files.ts";
import { workersChange } from "./wanted.ts";

export interface Scaled {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** All that there are now. */
  readonly workers: readonly string[];
}

export interface ScaleOptions extends LeavingOptions {
  /** Nothing is undone from here on: Slurm has the workers that it was to have. */
  readonly onChanged: () => void;
}

/**
 * Gives a running cluster more workers or fewer. What runs goes on; everything that cannot be is found before anything is changed, and
 * what fails later is undone.
 */
export async function scaleCluster(
  engine: Engine,
  found: FoundCluster,
  wanted: { readonly workers: string; readonly like: string | undefined },
  options: ScaleOptions,
): Promise<Scaled> {
  const cannot = `${found.id} cannot be given other workers`;
  if (found.state === "running")
    throw new LabError({
      kind: "bad-input",
      message: cannot,
      expected: "a cluster of `pnpm cluster up`, or one that a run has kept",
      seen: "a run that still goes on",
      where: found.id,
      hint: "run it again when the run has ended; pnpm cluster up starts one that stays",
    });
  const claim = await claimWorkers(engine, found, cannot);
  try {
    // Somebody else may have changed it until just now.
    const now = (await listClusters(engine)).find(({ id }) => id === found.id) ?? found;
    const scaled = await scaleClaimed(engine, now, wanted, { ...options, cannot });
    await claim.release();
    return scaled;
  } catch (error) {
    // What happened matters more; a claim that stays is taken over when this process has ended.
    await claim.release().catch(() => {});
    throw error;
  }
}

async function scaleClaimed(
  engine: Engine,
  found: FoundCluster,
  wanted: { readonly workers: string; readonly like: string | undefined },
  options: ScaleOptions & { readonly cannot: string },
): Promise<Scaled> {
  const { undo, signal, onChanged, cannot } = options;
  const { cluster, spec, asStarted } = await clusterOfFound(engine, found, cannot);
  signal.throwIfAborted();
  const change = workersChange(spec, wanted.workers, wanted.like);
  const added = change.add.flatMap(({ names }) => names);
  if (added.length > 0 || change.remove.length > 0) {
    const plan = asStarted(planOf(spec, change, { slurm: cluster.plan.slurm, cannot }));
    const after = { plan, gpus: decideGpus(plan, cluster.facts) };
    checkUnmoved(cluster, after, change);
    const machines = machinesOf(plan).filter(
      (machine) => !cluster.nodes.some(({ name }) => name === machine.name),
    );
    checkNamesFree(found, machines, cannot);
    checkMemoryForMore({ nodes: plan.nodes.filter(({ name }) => added.includes(name)) }, engine.facts);
    const bundle = renderBundle(
      plan,
      { cgroup: cluster.facts.cgroup, gpus: after.gpus?.gpus ?? {} },
      NO_SECRETS,
    );
    const goal = { ...after, bundle, machines, change };
    const left = await withUndo(cluster.id, { undo, signal }, async () => {
      const leaving = await changeWorkers(cluster, goal, options);
      signal.throwIfAborted();
      onChanged();
      return leaving;
    });
    await removeMachines(cluster, left);
  }
  return { added, removed: change.remove, workers: workersOf(cluster.plan).map(({ name }) => name) };
}

function planOf(
  spec: Parameters<typeof scaledSpec>[0],
  change: WorkersChange,
  { slurm, cannot }: { slurm: string; cannot: string },
): ClusterPlan {
  const refuse = (seen: string, where?: string) =>
    new LabError({
      kind: "bad-input",
      message: cannot,
      expected: "workers with which its specification can be",
      seen,
      ...(where ? { where } : {}),
      hint: "ask for other workers; docs/schema/cluster.json has what a specification may say",
    });
  try {
    const planned = planCluster(scaledSpec(spec, change), { defaultSlurm: slurm });
    if (planned.ok) return planned.plan;
    const [problem] = planned.problems;
    throw refuse(problem?.message ?? "", problem?.path);
  } catch (error) {
    if (!(error instanceof ScaleError)) throw error;
    throw refuse(error.message);
  }
}

/** What runs on a container stays there: packed workers come and go with all that share theirs, and real GPUs are never handed on. */
function checkUnmoved(
  cluster: Cluster,
  after: Pick<Cluster, "plan" | "gpus">,
  { remove }: WorkersChange,
): void {
  const gone = new Set(remove);
  const shared = cluster.nodes.find(
    ({ packed }) => packed.some(({ name }) => gone.has(name)) && packed.some(({ name }) => !gone.has(name)),
  );
  if (shared)
    throw new LabError({
      kind: "bad-input",
      message: `${compressHostlist(shared.packed.map(({ name }) => name))} share a container, and go together`,
      expected: "all of them or none",
      seen: `${compressHostlist(remove)} to go`,
      where: `container of ${shared.name}`,
      hint: "name the workers that are to stay, with all that share a container or none: pnpm cluster scale c[1-8]",
    });
  const others = moved(cluster, after);
  if (others === "") return;
  throw new LabError({
    kind: "bad-input",
    message: `${others} would get another container or other GPUs`,
    expected: "workers that go from the end: what runs stays where it is",
    seen: `${compressHostlist(remove) || "none"} to go`,
    where: cluster.id,
    hint: "let the last of a kind go, or start another cluster: pnpm cluster up",
  });
}

/** Runs it; when it fails, undoes what it has done, and says what could not be undone. */
async function withUndo<T>(
  id: string,
  { undo, signal }: { readonly undo: Undo; readonly signal: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const left = await undo.run();
    // What was interrupted says so in words of its own.
    if (left.length === 0) throw signal.aborted ? signal.reason : error;
    throw new LabError({
      kind: "broken",
      message: "the cluster is neither as it was nor as it was to be",
      expected: "all that was done to be undone",
      seen: left.join("\n"),
      where: id,
      hint: `pnpm cluster status ${id}, and pnpm cluster down ${id}`,
      cause: error,
    });
  }
}

/** Their own volumes go with them. */
async function removeMachines({ engine, id }: Cluster, nodes: readonly Node[]): Promise<void> {
  const results = await Promise.allSettled(nodes.map(({ machine }) => engine.remove("container", machine)));
  const left = results.flatMap((result, i) =>
    result.status === "rejected" ? [`${nodes[i]?.name}: ${messageOf(result.reason)}`] : [],
  );
  if (left.length === 0) return;
  throw new LabError({
    kind: "broken",
    message: "Slurm knows the workers no more, and not all of their containers are gone",
    expected: "the containers of the removed workers to be gone",
    seen: left.join("\n"),
    where: id,
    hint: `pnpm cluster down ${id} removes them with the rest`,
  });
}
