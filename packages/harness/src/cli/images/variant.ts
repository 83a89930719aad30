import { formatProblem, VARIANTS, type Variant } from "@slurmlab/config-gen";
import {
  IMAGE_ROLES,
  type ImageRole,
  type ImageSet,
  VARIANT_ROLES,
  variantProblems,
  variantSet,
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

/** Bad input, when a suite cannot have a variant. */
export function refuseLacking(variant: Variant | undefined, suite: string): void {
  for (const problem of variantProblems(variant, suite))
    throw new LabError({ kind: "bad-input", message: formatProblem(problem), where: "--variant" });
}

/** The images with a variant on top, when one is wanted; bad input where their suite cannot have it. */
export function withVariant(set: ImageSet, variant: Variant | undefined): ImageSet {
  refuseLacking(variant, set.base.suite);
  return variant === undefined ? set : variantSet(set, variant);
}

/** What `images build` makes: with a variant the roles that have a layer of it, else all. */
export function rolesToBuild(variant: Variant | undefined): readonly ImageRole[] {
  return variant === undefined ? IMAGE_ROLES : VARIANT_ROLES;
}
