import { existsSync, readFileSync } from "node:fs";
import { formatProblem } from "@slurmlab/config-gen";
import {
  CATALOG,
  findRelease,
  IMAGE_ROLES,
  type ImageLock,
  type ImageSet,
  imageSet,
  imageTags,
  LAYER_NAMES,
  layeredSet,
  missingImages,
  parseLock,
  type SlurmRelease,
} from "@slurmlab/images";
import type { Engine } from "../../engine/engine.ts";
import { type FoundEngine, findEngine } from "../../engine/find.ts";
import { LabError, messageOf } from "../../errors/lab-error.ts";
import type { Terminal } from "../terminal.ts";
import { buildCommand, compiledSlurm } from "./wanted.ts";

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
  const sets = plain.flatMap((set) => [set, ...LAYER_NAMES.map((name) => layeredSet(set, name))]);
  return new Set(sets.flatMap((set) => [set.base.tag, ...Object.values(set.tags)]));
}

/** A Slurm whose images somebody asks for: a release of the catalog, or a version that was compiled here. */
export interface NamedSlurm {
  readonly slurm: string;
  /** Its images, complete in the engine; bad input with the way to build them otherwise. */
  readonly images: (engine: Engine) => Promise<ImageSet>;
}

/** What these names mean: releases of the catalog, `all` of them, or with a patch level versions that were compiled here. */
export function slurmsNamed(names: readonly string[]): NamedSlurm[] {
  return names.flatMap((slurm): NamedSlurm[] => {
    const compiled = compiledSlurm(slurm);
    if (compiled)
      return [{ slurm, images: async (engine) => complete(engine, (await compiled.images(engine)).set) }];
    return releasesNamed([slurm]).map((release) => ({
      slurm: release.slurm,
      images: (engine) => complete(engine, imageSet(release, engine.architecture)),
    }));
  });
}

async function complete(engine: Engine, set: ImageSet): Promise<ImageSet> {
  const missing = missingImages(await imageTags(engine), set, IMAGE_ROLES);
  if (missing.length === 0) return set;
  throw new LabError({
    kind: "bad-input",
    message: `not all images of Slurm ${set.slurm} are built`,
    expected: Object.keys(set.tags).join(", "),
    seen: `missing: ${missing.join(", ")}`,
    hint: buildCommand(set),
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
