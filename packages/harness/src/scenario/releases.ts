import { planCluster } from "@slurmlab/config-gen";
import { CATALOG } from "@slurmlab/images";
import type { LoadedScenario } from "./load.ts";
import { unmetBySlurm } from "./requirements.ts";

/** The releases of the catalog that a scenario runs on: those it allows, and its cluster can be configured for. */
export function releasesOf({ settings, body }: Pick<LoadedScenario, "settings" | "body">): string[] {
  return CATALOG.map((release) => release.slurm).filter(
    (slurm) =>
      unmetBySlurm(settings.requires, slurm) === undefined &&
      planCluster({ ...body.scenario.cluster, slurm }, { defaultSlurm: slurm }).ok,
  );
}
