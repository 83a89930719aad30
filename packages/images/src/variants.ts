import type { Problem, Variant } from "@slurmlab/config-gen";
import type { ImageRole } from "./roles.ts";

/** The images that a variant's layer goes on: where jobs run, and where people work. */
export const VARIANT_ROLES: readonly ImageRole[] = ["slurmd", "login"];

/** What a variant is made of. Debian's names, in every suite that is not in `lacking`. */
interface VariantRecipe {
  /** Packages as `context/build/resolve` reads words. */
  readonly words: readonly string[];
  /** The stage of `context/variant/Dockerfile`. */
  readonly stage: "variant" | "ssh";
  /** A suite that is asked, too, for what the image's own does not have. */
  readonly moreFrom?: string;
  /** Suites that cannot have it, each with the reason. */
  readonly lacking?: Readonly<Record<string, string>>;
}

export const VARIANT_RECIPES: Readonly<Record<Variant, VariantRecipe>> = {
  // Slurm's PMIx plugin is in its packages, and opens libpmix when a step asks for it.
  mpi: { words: ["openmpi-bin", "libpmix2t64|libpmix2", "python3-mpi4py"], stage: "variant" },
  torch: { words: ["python3-torch"], stage: "variant" },
  jupyter: { words: ["jupyter-notebook"], stage: "variant" },
  apptainer: {
    words: ["apptainer"],
    stage: "variant",
    moreFrom: "sid",
    lacking: {
      bullseye: "apptainer is in Debian's sid alone, and wants libc6 2.38 or later where bullseye has 2.31",
      bookworm: "apptainer is in Debian's sid alone, and wants libc6 2.38 or later where bookworm has 2.36",
    },
  },
  ssh: { words: ["openssh-server"], stage: "ssh" },
};

/** The problem of wanting a variant on a suite that cannot have it; none where it can, or nothing is wanted. */
export function variantProblems(variant: Variant | undefined, suite: string): Problem[] {
  const reason = variant && VARIANT_RECIPES[variant].lacking?.[suite];
  if (reason === undefined) return [];
  const message = `there is no variant ${variant} on ${suite}: ${reason}`;
  return [{ severity: "error", path: "variant", message }];
}
