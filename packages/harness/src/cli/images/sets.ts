import { existsSync, readFileSync } from "node:fs";
import { formatProblem, VARIANTS } from "@slurmlab/config-gen";
import {
  CATALOG,
  findRelease,
  type ImageLock,
  type ImageSet,
  imageSet,
  parseLock,
  type SlurmRelease,
  variantSet,
} from "@slurmlab/images";
import type { Engine } from "../../engine/engine.ts";
import { type FoundEngine, findEngine } from "../../engine/find.ts";
import { LabError, messageOf } from "../../errors/lab-error.ts";
import type { Terminal } from "../terminal.ts";

/** Releases by their names; `all` is the whole catalog. Bad input when there is no such release. */
export function releasesNamed(names: readonly string[]): SlurmRelease[] {
  if (names.includes("all")) return [...CATALOG];
  return names.map((slurm) => {
    const release = findRelease(slurm);
    if ("severity" in release) throw new LabError({ kind: "bad-input", message: formatProblem(release) });
    return release;
  });
}

/** The engine that images are in, found as for any run. */
export async function imageEngine(out: Terminal): Promise<FoundEngine> {
  const found = await findEngine(process.env, { say: out.note, confirm: out.confirm });
  out.note(found.line);
  return found;
}

/** Every tag that this checkout asks for. */
export function wantedTags(architecture: string): Set<string> {
  const plain = CATALOG.map((release) => imageSet(release, architecture));
  const sets = plain.flatMap((set) => [set, ...VARIANTS.map((variant) => variantSet(set, variant))]);
  return new Set(sets.flatMap((set) => [set.base.tag, ...Object.values(set.tags)]));
}

/** The set of a release, complete in the engine; bad input with the way to build it otherwise. */
export async function completeSet(engine: Engine, release: SlurmRelease): Promise<ImageSet> {
  const set = imageSet(release, engine.architecture);
  const there = new Set((await engine.listImages()).flatMap((image) => image.tags));
  const missing = Object.entries(set.tags).filter(([, tag]) => !there.has(tag));
  if (missing.length === 0) return set;
  throw new LabError({
    kind: "bad-input",
    message: `not all images of Slurm ${release.slurm} are built`,
    expected: Object.keys(set.tags).join(", "),
    seen: `missing: ${missing.map(([role]) => role).join(", ")}`,
    hint: `pnpm images build --slurm ${release.slurm}`,
  });
}

/** Reads a lock file; bad input when it is none. */
export function readLock(path: string): ImageLock {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new LabError({
      kind: "bad-input",
      message: `${path} cannot be read`,
      seen: messageOf(error),
      hint: "pnpm images lock --out FILE writes one",
    });
  }
  const lock = parseLock(text);
  if (!("lock" in lock))
    throw new LabError({
      kind: "bad-input",
      message: `${path} is no lock file`,
      seen: lock.slice(0, 5).join("\n"),
      hint: "pnpm images lock --out FILE writes one",
    });
  return lock;
}

/** Refuses to overwrite a file without `--force`. */
export function refuseExisting(path: string, force: boolean | undefined): void {
  if (!existsSync(path) || force) return;
  throw new LabError({
    kind: "bad-input",
    message: `${path} is there already`,
    hint: "another --out, or --force",
  });
}

/** `258 MB`. */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
