import { type ClusterPlan, type Problem, VARIANTS } from "@slurmlab/config-gen";
import type { ImageRole } from "./roles.ts";

/** The images that a variant's layer goes on: where jobs run, and where people work. */
export const VARIANT_ROLES: readonly ImageRole[] = ["slurmd", "login"];

/** What some images of a release can have in another way: a variant's programs for jobs, MySQL for MariaDB, an NFS server. */
export const LAYER_NAMES = [...VARIANTS, "mysql", "nfs"] as const;
export type LayerName = (typeof LAYER_NAMES)[number];

/** The part of a cluster's plan that asks for layers. */
export type LayerWishes = {
  readonly [Key in "variant" | "database" | "storage"]?: ClusterPlan[Key] | undefined;
};

/** What a layer is made of. Debian's names, in every suite that is not in `lacking`. */
interface LayerRecipe {
  /** Packages as `context/build/resolve` reads words. */
  readonly words: readonly string[];
  /** More of them in some suites. */
  readonly also?: Readonly<Record<string, readonly string[]>>;
  /** The folder of `context` with its Dockerfile, and the stage there. */
  readonly folder: "variant" | "mysql";
  readonly stage: "variant" | "ssh" | "mysql";
  /** Whose images are other ones with it. */
  readonly roles: readonly ImageRole[];
  /** The image that it is put on, when that is not the role's own. */
  readonly on?: ImageRole;
  /** A suite that is asked, too, for what the image's own does not have. */
  readonly moreFrom?: string;
  /** Suites that cannot have it, each with the reason. */
  readonly lacking?: Readonly<Record<string, string>>;
}

const FOR_JOBS = { folder: "variant", stage: "variant", roles: VARIANT_ROLES } as const;

/** Why a package of sid cannot be put on an older suite: its `Depends`, and what suites have. */
function tooOld(
  what: string,
  wants: string,
  suites: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(suites).map(([suite, has]) => [
      suite,
      `${what} is in Debian's sid alone, and wants ${wants} or later where ${suite} has ${has}`,
    ]),
  );
}

const LAYER_RECIPES: Readonly<Record<LayerName, LayerRecipe>> = {
  // Slurm's PMIx plugin is in its packages, and opens libpmix when a step asks for it.
  mpi: {
    ...FOR_JOBS,
    words: ["openmpi-bin", "libpmix2t64|libpmix2", "python3-mpi4py"],
    // The plugin of 22.05 opens libpmix.so without a number, which bookworm has for developers.
    also: { bookworm: ["libpmix-dev"] },
  },
  torch: { ...FOR_JOBS, words: ["python3-torch"] },
  jupyter: { ...FOR_JOBS, words: ["jupyter-notebook"] },
  apptainer: {
    ...FOR_JOBS,
    words: ["apptainer"],
    moreFrom: "sid",
    lacking: tooOld("apptainer", "libc6 2.38", { bullseye: "2.31", bookworm: "2.36" }),
  },
  ssh: { ...FOR_JOBS, words: ["openssh-server"], stage: "ssh" },
  mysql: {
    words: ["tini", "=runit", "mysql-server-core", "mysql-client-core"],
    folder: "mysql",
    stage: "mysql",
    roles: ["db"],
    // Its slurmdbd makes the tables.
    on: "slurmdbd",
    moreFrom: "sid",
    lacking: tooOld("MySQL", "libstdc++6 16", { bullseye: "10", bookworm: "12", trixie: "14" }),
  },
  // The server of /home, on an image that clusters have no other use for; libnfs' tools look at it without a mount.
  nfs: {
    words: ["nfs-ganesha", "nfs-ganesha-vfs", "libnfs-utils"],
    folder: "variant",
    stage: "variant",
    roles: ["client"],
  },
};

export function layerRecipe(name: LayerName): LayerRecipe {
  return LAYER_RECIPES[name];
}

/** The layers that a plan asks for, in the order in which they are put on. */
export function layersWanted({ variant, database, storage = "volume" }: LayerWishes): LayerName[] {
  return [
    ...(database === "mysql" ? (["mysql"] as const) : []),
    ...(storage === "volume" ? [] : (["nfs"] as const)),
    ...(variant === undefined ? [] : [variant]),
  ];
}

/** The problems of wanting layers on a suite that cannot have them. */
export function layerProblems(wishes: LayerWishes, suite: string): Problem[] {
  return layersWanted(wishes).flatMap((name): Problem[] => {
    const reason = LAYER_RECIPES[name].lacking?.[suite];
    if (reason === undefined) return [];
    const [path, what] = name === "mysql" ? ["database", "MySQL"] : ["variant", `variant ${name}`];
    return [{ severity: "error", path, message: `there is no ${what} on ${suite}: ${reason}` }];
  });
}
