import { nearest, type Problem } from "@slurmlab/config-gen";

/** One Slurm release that images can be built for. */
export interface SlurmRelease {
  /** `24.11`: what `--slurm` takes and `slurm.conf` is generated for. */
  readonly slurm: string;
  /** The Debian suite that carries it. */
  readonly suite: string;
  /** Packages that not every suite has: plugins apart from the daemons, daemons of newer releases. */
  readonly packages: readonly string[];
  /** True when the images were built and `gpu-job` was run on them in this project's own tests. */
  readonly tested: boolean;
}

const PLUGINS = ["slurm-wlm-mysql-plugin", "slurm-wlm-jwt-plugin"];

/** One line a release, oldest first. The CI matrix is computed from it. */
export const CATALOG: readonly SlurmRelease[] = [
  { slurm: "20.11", suite: "bullseye", packages: [], tested: false },
  { slurm: "22.05", suite: "bookworm", packages: PLUGINS, tested: false },
  { slurm: "24.11", suite: "trixie", packages: [...PLUGINS, "sackd"], tested: true },
  { slurm: "26.05", suite: "forky", packages: [...PLUGINS, "sackd"], tested: true },
];

export const DEFAULT_SLURM = "24.11";

/** Releases that are built and run by the tests. */
export const TESTED: readonly SlurmRelease[] = CATALOG.filter((release) => release.tested);

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
    ...(near ? { hint: `did you mean ${near}?` } : {}),
  };
}
