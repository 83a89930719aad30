import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  buildImages,
  type EnsureTool,
  type ImageRole,
  type ImageSet,
  imageTags,
  missingImages,
} from "@slurmlab/images";
import type { Engine } from "../../engine/engine.ts";
import { makeFolder } from "../../evidence/make-folder.ts";
import { OUTPUT_FOLDER } from "../project.ts";
import { checkDisk } from "./disk.ts";
import { buildFailure } from "./failures.ts";
import type { BuildWatch } from "./watch.ts";

export interface PrepareOptions {
  readonly watch: BuildWatch;
  readonly ensureTool: EnsureTool;
  readonly signal: AbortSignal;
}

/** Builds what a set lacks of these images; each one's whole output goes to a log file of its own. */
export async function prepareImages(
  engine: Engine,
  set: ImageSet,
  roles: readonly ImageRole[],
  { watch, ensureTool, signal }: PrepareOptions,
): Promise<ImageSet> {
  const there = await imageTags(engine);
  if (missingImages(there, set, roles).length === 0) return set;
  checkDisk(engine.facts.dataFolder);
  const folder = join(OUTPUT_FOLDER, "logs");
  makeFolder(folder);
  const logOf = (image: string) => join(folder, `build-${set.slurm}-${image.replace(" ", "-")}.log`);
  for (const image of ["base", "compile", "mirror", ...stepsOf(there, set, roles)])
    writeFileSync(logOf(image), "");
  try {
    await buildImages(engine, set, roles, {
      signal,
      onLine: (image, line) => {
        appendFileSync(logOf(image), `${line}\n`);
        watch.line(image, line);
      },
      onDone: watch.done,
      ensureTool,
    });
  } catch (error) {
    throw buildFailure(error, set, logOf);
  }
  return set;
}

/** What a build calls what it makes: roles that are missing, and layers on them such as `mpi slurmd`. */
export function stepsOf(there: ReadonlySet<string>, set: ImageSet, roles: readonly ImageRole[]): string[] {
  const { layer } = set;
  const missing = missingImages(there, set, roles);
  if (!layer) return missing;
  const layered = missing.filter((role) => set.tags[role] !== layer.plain.tags[role]);
  const below = missing.map((role) => (layered.includes(role) ? layer.on(role) : role));
  return [
    ...stepsOf(there, layer.plain, [...new Set(below)]),
    ...layered.map((role) => `${layer.name} ${role}`),
  ];
}
