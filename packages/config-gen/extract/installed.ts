import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** The programs and libraries of one Slurm, as a distribution's packages lay them out. */
export interface Installed {
  /** `24.11.5`. */
  readonly version: string;
  /** Path by base name; what several packages carry is there once. */
  readonly programs: ReadonlyMap<string, string>;
  /** Base names of the plugins, without `.so`. */
  readonly plugins: readonly string[];
}

/** Finds Slurm below a folder: unpacked packages, or the file system of an image. */
export function findSlurm(folder: string): Installed {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  // slurm-wlm-emulator and front-end builds live elsewhere and are other programs.
  const ours = entries
    .map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }))
    .filter(({ path }) => /\/(slurm-wlm\/[^/]+\.so|s?bin\/slurm[a-z]+(-wlm)?)$/.test(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const programs = new Map(
    ours.filter(({ entry }) => entry.isFile()).map(({ path }) => [basename(path), path]),
  );
  const library = programs.get("libslurmfull.so");
  if (!library) throw new Error(`no libslurmfull.so below ${folder}: unpack the packages there first`);
  // mpi_pmix.so is a link to mpi_pmix_v5.so; both are names that slurm.conf may use.
  const names = ours.map(({ path }) => basename(path)).filter((name) => /^(?!lib).*\.so$/.test(name));
  return {
    version: versionOf(readFileSync(library)),
    programs,
    plugins: names.map((name) => name.slice(0, -3)),
  };
}

/** The version stands by itself among the library's strings. */
function versionOf(library: Buffer): string {
  const version = /\0(\d\d\.\d\d\.\d+)\0/.exec(library.toString("latin1"))?.[1];
  if (!version) throw new Error("libslurmfull.so does not say its version");
  return version;
}
