import { formatProblem, VARIANTS } from "@slurmlab/config-gen";
import {
  IMAGE_ROLES,
  type ImageRole,
  type ImageSet,
  type LayerWishes,
  layeredSet,
  layerProblems,
  layerRecipe,
  layersWanted,
} from "@slurmlab/images";
import { Option } from "commander";
import { LabError } from "../../errors/lab-error.ts";

/** `--variant`, the same for every command that has it. */
export function variantOption(): Option {
  return new Option(
    "--variant <name>",
    "what workers and login nodes have beside Slurm, as one more layer",
  ).choices(VARIANTS);
}

/** `--database`, the same for every command that has it. */
export function databaseOption(): Option {
  return new Option("--database <server>", "the server below slurmdbd").choices(["mariadb", "mysql"]);
}

/** Those of a command line's options that are a specification's keys. */
export function layersWished({ variant, database }: LayerWishes): LayerWishes {
  return { ...(variant ? { variant } : {}), ...(database ? { database } : {}) };
}

/** The options again, for a command that does the same. */
export function layerFlags(wishes: LayerWishes): string[] {
  return Object.entries(layersWished(wishes)).map(([key, value]) => `--${key} ${value}`);
}

/** Bad input, when a suite cannot have what is wanted. */
export function refuseLacking(wishes: LayerWishes, suite: string): void {
  for (const problem of layerProblems(wishes, suite))
    throw new LabError({
      kind: "bad-input",
      message: formatProblem(problem),
      where: `--${problem.path}`,
    });
}

/** The images with the layers that a plan asks for; bad input where their suite cannot have one. */
export function withLayers(set: ImageSet, wishes: LayerWishes): ImageSet {
  refuseLacking(wishes, set.base.suite);
  return layersWanted(wishes).reduce(layeredSet, set);
}

/** What `images build` makes: with layers the roles that have one, else all. */
export function rolesToBuild(wishes: LayerWishes): readonly ImageRole[] {
  const layers = layersWanted(wishes);
  return layers.length === 0 ? IMAGE_ROLES : layers.flatMap((name) => layerRecipe(name).roles);
}
