import type { ClusterPlan } from "@slurmlab/config-gen";
import { type ImageSet, imageSet, type SlurmRelease } from "@slurmlab/images";
import type { Engine } from "../../engine/engine.ts";
import { withLayers } from "./layers.ts";
import { siteBase } from "./site-base.ts";
import type { CompiledSlurm } from "./wanted.ts";

/** What decides which images a cluster has. */
export interface ImageWishes {
  readonly plan: ClusterPlan;
  readonly release: SlurmRelease;
  /** Instead of the release's own packages. */
  readonly compiled?: CompiledSlurm | undefined;
  /** A site's own image to install the release's packages on. */
  readonly base?: string | undefined;
}

/** The images of a plan, with its layers; whether they are there is not asked. `line` says which Slurm was compiled. */
export async function imagesOfPlan(
  engine: Engine,
  { plan, release, compiled, base }: ImageWishes,
  signal: AbortSignal,
): Promise<{ readonly set: ImageSet; readonly line?: string }> {
  const found = await compiled?.images(engine);
  if (found) return { ...found, set: withLayers(found.set, plan) };
  const site = await siteBase(engine, base, signal);
  return { set: withLayers(imageSet(release, engine.architecture, site ? { base: site } : {}), plan) };
}
