import { type ClusterPlan, formatProblem, type GpuMode, planCluster } from "@slurmlab/config-gen";
import {
  DEFAULT_SLURM,
  findRelease,
  type ImageSet,
  imageSet,
  type LayerWishes,
  layerProblems,
  type SlurmRelease,
} from "@slurmlab/images";
import { lookForEngine } from "../../engine/find.ts";
import { LabError } from "../../errors/lab-error.ts";
import { Unavailable } from "../../errors/unavailable.ts";
import type { LoadedScenario } from "../../scenario/load.ts";
import { type PlannedUpgrade, planUpgrades } from "../../scenario/upgrades.ts";
import { patched } from "../../scenario/without.ts";
import { layersWished, withLayers } from "../images/layers.ts";
import { type ImageWishes, imagesOfPlan } from "../images/of-plan.ts";
import { type CompiledSlurm, compiledSlurm } from "../images/wanted.ts";
import { withGpuMode } from "../plan.ts";

/** What the command line can wish of a scenario's cluster. */
export interface ClusterWishes extends LayerWishes {
  readonly slurm?: string | undefined;
  readonly gpus?: GpuMode;
  readonly withoutFault?: boolean;
}

/** A scenario's cluster, and what becomes of it. */
interface PlannedRun {
  readonly plan: ClusterPlan;
  readonly release: SlurmRelease;
  readonly compiled: CompiledSlurm | undefined;
  /** What its steps upgrade to. */
  readonly upgrades: readonly PlannedUpgrade[];
  /** Why it cannot run on this Slurm. */
  readonly skip?: string;
}

/** The scenario's cluster with the command line's wishes on top; all problems at once. */
export function planFor(scenario: LoadedScenario, options: ClusterWishes): PlannedRun {
  const { cluster, without } = scenario.body.scenario;
  const spec = options.withoutFault && without ? patched(cluster, without) : cluster;
  const compiled = compiledSlurm(options.slurm);
  const slurm = compiled?.release ?? options.slurm;
  const wished = { ...(slurm ? { slurm } : {}), ...layersWished(options) };
  const planned = planCluster({ ...spec, ...wished }, { defaultSlurm: DEFAULT_SLURM, path: "cluster" });
  const problems = planned.ok ? [] : [...planned.problems];
  const release = planned.ok ? findRelease(planned.plan.slurm) : undefined;
  if (release && "severity" in release) problems.push(release);
  else if (release && planned.ok && !compiled) problems.push(...layerProblems(planned.plan, release.suite));
  if (problems.length > 0 || !planned.ok || !release || "severity" in release) {
    throw new LabError({
      kind: "bad-input",
      message: problems.map(formatProblem).join("\n"),
      where: scenario.file,
    });
  }
  const plan = withGpuMode(planned.plan, options.gpus);
  return { plan, release, compiled, ...upgradesFor(scenario, plan, options) };
}

/** What the scenario upgrades to, or why it cannot on this Slurm. */
function upgradesFor(
  scenario: LoadedScenario,
  plan: ClusterPlan,
  options: ClusterWishes,
): Pick<PlannedRun, "upgrades" | "skip"> {
  try {
    const upgrades = planUpgrades(scenario, plan);
    return { upgrades: upgrades.map((to) => ({ ...to, plan: withGpuMode(to.plan, options.gpus) })) };
  } catch (error) {
    if (error instanceof Unavailable) return { upgrades: [], skip: error.message };
    throw error;
  }
}

/** The images of a plan that is only shown. An engine is asked where it alone knows them, and is not started. */
export async function imagesOf(wishes: ImageWishes): Promise<ImageSet> {
  const { plan, release, compiled, base } = wishes;
  // Tags depend on the engine's architecture, which is taken to be this machine's.
  if (!compiled && !base)
    return withLayers(imageSet(release, process.arch === "x64" ? "amd64" : process.arch), plan);
  const found = await lookForEngine(process.env);
  if (!found)
    throw new LabError({
      kind: "bad-input",
      message: `${compiled ? `which images Slurm ${compiled.version} has` : `what ${base} is`} is kept in the container engine, and none runs`,
      hint: "pnpm engine start",
    });
  return (await imagesOfPlan(found.engine, wishes, new AbortController().signal)).set;
}
