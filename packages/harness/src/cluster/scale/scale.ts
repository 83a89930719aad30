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
import { Undo } from "../../errors/undo.ts";
import type { Cluster } from "../cluster.ts";
import { clusterOfFound } from "../found-cluster.ts";
import { decideGpus } from "../gpus.ts";
import type { Node } from "../node.ts";
import { checkMemoryForMore } from "../room.ts";
import { NO_SECRETS } from "../secrets.ts";
import type { FoundCluster } from "../sweep.ts";
import { changeWorkers, type ScaleOptions } from "./change.ts";
import { moved } from "./node-files.ts";
import { workersChange } from "./wanted.ts";

export interface Scaled {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** All that there are now. */
  readonly workers: readonly string[];
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
    });
  const { cluster, spec, asStarted } = await clusterOfFound(engine, found, cannot);
  const change = workersChange(spec, wanted.workers, wanted.like);
  const added = change.add.flatMap(({ names }) => names);
  if (added.length > 0 || change.remove.length > 0) {
    const plan = asStarted(planOf(spec, change, { slurm: cluster.plan.slurm, cannot }));
    const after = { plan, gpus: decideGpus(plan, cluster.facts) };
    checkUnmoved(cluster, after, change);
    const machines = machinesOf(plan).filter(
      (machine) => !cluster.nodes.some(({ name }) => name === machine.name),
    );
    checkMemoryForMore({ nodes: plan.nodes.filter(({ name }) => added.includes(name)) }, engine.facts);
    const bundle = renderBundle(
      plan,
      { cgroup: cluster.facts.cgroup, gpus: after.gpus?.gpus ?? {} },
      NO_SECRETS,
    );
    const goal = { ...after, bundle, machines, change };
    const left = await withUndo(options.signal, (undo) => changeWorkers(cluster, goal, { ...options, undo }));
    await removeMachines(cluster, left);
  }
  return { added, removed: change.remove, workers: workersOf(cluster.plan).map(({ name }) => name) };
}

function planOf(
  spec: Parameters<typeof scaledSpec>[0],
  change: WorkersChange,
  { slurm, cannot }: { slurm: string; cannot: string },
): ClusterPlan {
  try {
    const planned = planCluster(scaledSpec(spec, change), { defaultSlurm: slurm });
    if (planned.ok) return planned.plan;
    const [problem] = planned.problems;
    throw new LabError({ kind: "bad-input", message: cannot, seen: problem?.message ?? "" });
  } catch (error) {
    if (!(error instanceof ScaleError)) throw error;
    throw new LabError({ kind: "bad-input", message: cannot, seen: error.message });
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
    });
  const others = moved(cluster, after);
  if (others === "") return;
  throw new LabError({
    kind: "bad-input",
    message: `${others} would get another container or other GPUs`,
    expected: "workers that go from the end: what runs stays where it is",
    seen: `${compressHostlist(remove) || "none"} to go`,
  });
}

/** Runs it; when it fails, undoes what it has done, and says what could not be undone. */
async function withUndo<T>(signal: AbortSignal, work: (undo: Undo) => Promise<T>): Promise<T> {
  const undo = new Undo();
  try {
    return await work(undo);
  } catch (error) {
    const left = await undo.run();
    // What was interrupted says so in words of its own.
    if (left.length === 0) throw signal.aborted ? signal.reason : error;
    throw new LabError({
      kind: "broken",
      message: "the cluster is neither as it was nor as it was to be",
      seen: left.join("\n"),
      hint: "pnpm cluster status, and pnpm cluster down",
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
    seen: left.join("\n"),
    hint: `pnpm cluster down ${id} removes them with the rest`,
  });
}
