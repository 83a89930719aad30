/** A Slurm release as the project names it: the major release, `24.11`, with or without a patch, `24.11.5`. */
export interface SlurmVersion {
  readonly year: number;
  readonly month: number;
  readonly patch?: number;
}

/** Reads `24.11`, `24.11.5` and what daemons print (`slurm-wlm 24.11.5`); undefined when there is no version in it. */
export function parseVersion(text: string): SlurmVersion | undefined {
  const match = /(?:^|\s)(\d\d)\.(\d\d)(?:\.(\d+))?(?:$|[\s~+-])/.exec(text.trim());
  if (!match) return undefined;
  const [, year, month, patch] = match;
  return {
    year: Number(year),
    month: Number(month),
    ...(patch === undefined ? {} : { patch: Number(patch) }),
  };
}

/** `24.11`: the release without its patch, the form that the catalog and the command line use. */
export function majorOf(version: SlurmVersion): string {
  return `${version.year}.${String(version.month).padStart(2, "0")}`;
}

/** Negative when `a` is older than `b`, positive when newer; a missing patch counts as 0. */
export function compareVersions(a: SlurmVersion, b: SlurmVersion): number {
  return a.year - b.year || a.month - b.month || (a.patch ?? 0) - (b.patch ?? 0);
}

/** True when `version` is `release` or newer: the one condition that version differences are written with. */
export function since(version: string, release: string): boolean {
  const [a, b] = [parseVersion(version), parseVersion(release)];
  if (!a || !b) throw new TypeError(`not a Slurm version: ${a ? release : version}`);
  return compareVersions(a, b) >= 0;
}
