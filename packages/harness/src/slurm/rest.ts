/** Where slurmrestd listens in slurmlab's clusters; Slurm's own default. */
export const SLURMRESTD_PORT = 6820;

/**
 * The newest version of the API by release: the plugins `openapi_v0_0_N` (to 22.05) and `data_parser_v0_0_N` (later) that
 * its slurmrestd has.
 */
const API_VERSIONS: ReadonlyArray<readonly [release: string, version: string]> = [
  ["20.11", "v0.0.36"],
  ["22.05", "v0.0.38"],
  ["24.11", "v0.0.42"],
  ["26.05", "v0.0.45"],
];

/** `slurm/jobs` as `/slurm/v0.0.42/jobs`, for a release or the nearest older one. A path from `/` on stays as it is. */
export function versionedPath(path: string, slurm: string): string {
  if (path.startsWith("/")) return path;
  const version = API_VERSIONS.findLast(([release]) => release <= slurm)?.[1] ?? API_VERSIONS[0]?.[1];
  const [api, ...rest] = path.split("/");
  return `/${[api, version, ...rest].join("/")}`;
}
