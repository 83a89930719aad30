import type { ImageSet } from "@slurmlab/images";
import type { Cluster } from "../cluster/cluster.ts";
import type { InRelease } from "../cluster/container-spec.ts";
import { imageRolesOf, upgradeImageRolesOf } from "../cluster/node-images.ts";
import type { Waits } from "../cluster/waits.ts";
import type { FoundEngine } from "../engine/find.ts";
import type { LabError } from "../errors/lab-error.ts";
import type { Journal } from "../journal/journal.ts";
import type { Observer } from "../journal/observer.ts";
import { environment } from "../report/environment.ts";
import type { RunResult } from "../report/result.ts";
import type { StepContext } from "../verbs/verb.ts";
import type { Progress } from "./progress.ts";
import { groundOf, verdictOf } from "./run-facts.ts";
import type { RunOptions } from "./run-options.ts";
import type { Traces } from "./traces.ts";

/** What is left of a run that has ended, however far it came: what it did not come to is undefined. */
export interface Ended {
  readonly journal: Journal;
  readonly waits: Waits;
  readonly progress: Progress;
  readonly found: FoundEngine | undefined;
  readonly images: ImageSet | undefined;
  readonly upgrades: readonly InRelease[];
  readonly cluster: Cluster | undefined;
  readonly observer: Observer | undefined;
  readonly context: StepContext | undefined;
  /** Why it was not begun. */
  readonly skipped: string | undefined;
  readonly error: LabError | undefined;
  readonly traces: Traces;
  /** What could not be removed. */
  readonly leftovers: readonly string[];
  /** The cluster stays up. */
  readonly kept: boolean;
}

/** The result of a run, as it is written beside its report. */
export function runResult(options: RunOptions, ended: Ended): RunResult {
  const { scenario, plan, id, clusterName, repeat, seed, slurm } = options;
  const { parameters } = scenario.settings;
  const { journal, waits, progress, images, context, traces, skipped, error } = ended;
  return {
    schema: 2,
    scenario: scenario.name,
    title: scenario.title,
    slurm: images?.slurm ?? slurm ?? plan.slurm,
    verdict: verdictOf(skipped, error),
    ...(skipped ? { because: skipped } : {}),
    started: journal.started.toISOString(),
    seconds: journal.now() / 1000,
    ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
    stages: progress.stages,
    waited: waits.seconds("slurm"),
    waitedForEngine: waits.seconds("engine"),
    ...(ended.observer ? { observed: ended.observer.cost } : {}),
    engine: ended.found?.line ?? "none",
    cluster: {
      id,
      nodes: plan.nodes.map((node) => `${node.name}: ${node.roles.join(", ")}`),
      images: [
        ...imageRolesOf(plan).flatMap((role) => images?.tags[role] ?? []),
        ...ended.upgrades.flatMap((to) => upgradeImageRolesOf(to.plan).map((role) => to.images.tags[role])),
      ],
      ground: groundOf(ended.cluster),
    },
    environment: environment(options.version),
    steps: progress.steps,
    measurements: [...(context?.measures.all ?? [])],
    seed,
    withoutFault: options.withoutFault,
    faults: context?.faults.records ?? [],
    ...(error ? { failure: error.facts } : {}),
    clues: [...traces.clues],
    journal: [...journal.entries],
    ...(traces.evidence ? { evidence: traces.evidence } : {}),
    repeat,
    leftovers: [...ended.leftovers],
    ...(ended.kept ? { enter: `pnpm cluster shell --cluster ${clusterName ?? id}` } : {}),
  };
}
