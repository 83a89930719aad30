import type { Role } from "@slurmlab/config-gen";

/** What images there are of a release. Each but `single-node` is one kind of machine; `client` is for people's own use. */
export const IMAGE_ROLES = [
  "client",
  "login",
  "slurmctld",
  "slurmdbd",
  "slurmd",
  "slurmrestd",
  "db",
  "single-node",
] as const;

export type ImageRole = (typeof IMAGE_ROLES)[number];

const IMAGE_OF: Readonly<Record<Role, ImageRole>> = {
  database: "db",
  login: "login",
  slurmctld: "slurmctld",
  slurmd: "slurmd",
  slurmdbd: "slurmdbd",
  slurmrestd: "slurmrestd",
  // With the layer of that name.
  nfs: "client",
};

/** The image for a node with these roles: the role's own, or the one that has everything for a node with several. */
export function imageRoleOf(roles: readonly Role[]): ImageRole {
  const images = new Set(roles.map((role) => IMAGE_OF[role]));
  const [only] = images;
  return images.size === 1 && only ? only : "single-node";
}

/**
 * Words of a build: packages as `context/build/resolve` reads them (`?a`: may be missing, `a|b`: the first there is,
 * `=a`: without what it depends on). Debian's names, which Ubuntu has as well.
 */
const SUPERVISION = ["tini", "=runit"];
const MUNGE = ["munge"];
/** What makes a daemon's storage slow, or full: its system calls are held up, or fail. */
const STORAGE_FAULTS = ["strace"];
/** What faults are put in with: another clock for munged alone, packets that are dropped or late, storage. */
const FAULTS = ["faketime", "iptables", "iproute2", ...STORAGE_FAULTS];
const SHARED = ["slurm-client", "slurm-wlm-basic-plugins", "?slurm-wlm-jwt-plugin"];
/** The server without its Debian wrapping (debconf questions, a Galera cluster, cron jobs): 310 MB less. */
const DATABASE = [
  "mariadb-server-core|mariadb-server-core-10.5",
  "mariadb-client-core|mariadb-client-core-10.5",
];

/** What every image of Slurm has, from packages. */
const COMMON = [...SUPERVISION, ...MUNGE, ...FAULTS, ...SHARED];
const SLURMDBD = ["slurmdbd", "?slurm-wlm-mysql-plugin"];
const LOGIN = ["?sackd"];

/** The build arguments that say what goes into which image. */
export const PACKAGE_WORDS = {
  COMMON,
  LOGIN,
  SLURMCTLD: ["slurmctld"],
  SLURMDBD,
  SLURMD: ["slurmd"],
  SLURMRESTD: ["slurmrestd"],
  DB: [...SUPERVISION, ...STORAGE_FAULTS, ...DATABASE],
  EVERYTHING: [...COMMON, ...LOGIN, "slurmctld", ...SLURMDBD, "slurmd", "slurmrestd"],
} as const;

/** What every image of Slurm has, when it is compiled: parts of the image BUILT. */
const COMMON_BUILT = [...SUPERVISION, ...MUNGE, ...FAULTS, "@common"];

/** The same build arguments for a Slurm that is compiled; see `source.ts`. */
export const SOURCE_WORDS = {
  COMMON: COMMON_BUILT,
  LOGIN: ["@login"],
  SLURMCTLD: ["@slurmctld"],
  SLURMDBD: ["@slurmdbd"],
  SLURMD: ["@slurmd"],
  SLURMRESTD: ["@slurmrestd"],
  DB: PACKAGE_WORDS.DB,
  EVERYTHING: [...COMMON_BUILT, "@login", "@slurmctld", "@slurmdbd", "@slurmd", "@slurmrestd"],
} as const satisfies Record<keyof typeof PACKAGE_WORDS, readonly string[]>;

/** What the mock GPUs are compiled with. */
export const COMPILER = ["gcc", "libc6-dev", "make"];
