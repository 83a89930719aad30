import { nearest, type Problem } from "@slurmlab/config-gen";

/** One Slurm release that a distribution's packages give, and images can be built for. */
export interface SlurmRelease {
  /** `24.11`: what `--slurm` takes and `slurm.conf` is generated for. */
  readonly slurm: string;
  /** The Debian suite that carries it. */
  readonly suite: string;
  /** Which MariaDB its database image has; see `docs/images.md` for what else it works with. */
  readonly database: string;
}

/** One line a release, oldest first. The CI matrix is computed from it, and every line of it is run by the tests. */
export const CATALOG: readonly SlurmRelease[] = [
  { slurm: "20.11", suite: "bullseye", database: "MariaDB 10.5" },
  { slurm: "22.05", suite: "bookworm", database: "MariaDB 10.11" },
  { slurm: "24.11", suite: "trixie", database: "MariaDB 11.8" },
  { slurm: "26.05", suite: "forky", database: "MariaDB 11.8" },
];

export const DEFAULT_SLURM = "24.11";

/** The release that follows in the catalog, if there is one. */
export function nextRelease(slurm: string): string | undefined {
  const at = CATALOG.findIndex((candidate) => candidate.slurm === slurm);
  return at < 0 ? undefined : CATALOG[at + 1]?.slurm;
}

/** The catalog's line for a release, or the problem of naming one that it does not have. */
export function findRelease(slurm: string): SlurmRelease | Problem {
  const release = CATALOG.find((candidate) => candidate.slurm === slurm);
  if (release) return release;
  const known = CATALOG.map((candidate) => candidate.slurm);
  const near = nearest(slurm, known);
  return {
    severity: "error",
    path: "slurm",
    message: `no Slurm ${slurm} in the catalog, which has ${known.join(", ")}`,
    hint: `${near ? `did you mean ${near}? ` : ""}any other is built from its source: pnpm images build --slurm ${slurm} --source FILE`,
  };
}
