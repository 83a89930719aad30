import { appendFileSync, existsSync, mkdirSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  BuildError,
  buildImages,
  type ImageRole,
  type ImageSet,
  imageSet,
  type LockedImages,
  LockUnmet,
  MovedOn,
  missingImages,
  NotCompiled,
  type SlurmRelease,
} from "@slurmlab/images";
import type { Engine } from "../../engine/engine.ts";
import { hasProgram, installPackages, whyNoInstall } from "../../engine/install.ts";
import { LabError } from "../../errors/lab-error.ts";
import { seconds } from "../../report/summary.ts";
import { OUTPUT_FOLDER } from "../project.ts";
import type { Terminal } from "../terminal.ts";
import { buildCommand, compileAgain } from "./wanted.ts";

export interface PrepareOptions {
  readonly terminal: Terminal;
  readonly say: (line: string) => void;
  readonly detail: (line: string) => void;
  readonly signal: AbortSignal;
  /** Versions to hold packages at. */
  readonly locked?: LockedImages | undefined;
}

/**
 * Builds what a release, or a set that is made up already, lacks of these images; the whole output goes to a log file,
 * its newest line to the user.
 */
export async function prepareImages(
  engine: Engine,
  wanted: SlurmRelease | ImageSet,
  roles: readonly ImageRole[],
  options: PrepareOptions,
): Promise<ImageSet> {
  const set = "tags" in wanted ? wanted : imageSet(wanted, engine.architecture, options.locked);
  if ((await missingImages(engine, set, roles)).length === 0) return set;
  checkDisk(engine.facts.dataFolder);
  const folder = join(OUTPUT_FOLDER, "logs");
  mkdirSync(folder, { recursive: true });
  const logOf = (image: string) => join(folder, `build-${set.slurm}-${image}.log`);
  for (const image of ["base", "compile", "mirror", ...roles]) writeFileSync(logOf(image), "");
  const stage = stageLines(options.say);
  try {
    await buildImages(engine, set, roles, {
      signal: options.signal,
      onLine: (image, line) => {
        appendFileSync(logOf(image), `${line}\n`);
        options.detail(`${image}: ${line}`);
        stage(image, line);
      },
      onDone: (image, tag, time) => options.say(`${image}: ${tag} (${seconds(time)})`),
      ensureTool: async (tool, packages, why) => {
        if (hasProgram(tool)) return;
        const forbidden = whyNoInstall(process.env);
        if (forbidden)
          throw new LabError({
            kind: "no-engine",
            message: `${tool} is needed ${why}`,
            seen: forbidden,
            hint: `install the packages ${packages.join(" ")}`,
          });
        await installPackages(packages, why, {
          say: options.say,
          confirm: options.terminal.confirm,
          signal: options.signal,
        });
      },
    });
  } catch (error) {
    if (error instanceof MovedOn) throw movedOn(error);
    if (error instanceof NotCompiled) throw compileAgain(error.source);
    if (error instanceof LockUnmet) throw lockUnmet(error);
    if (!(error instanceof BuildError) || error.cause instanceof LabError)
      throw error instanceof BuildError ? error.cause : error;
    throw new LabError({
      kind: "broken",
      message:
        error.image === "mirror" ? "the mirror could not be asked what packages it has" : error.message,
      seen: error.lastLines.join("\n"),
      where: logOf(error.image),
      hint: `try again with: ${buildCommand(set)} --verbose`,
      cause: error,
    });
  }
  return set;
}

function movedOn({ suite, wanted, found }: MovedOn): LabError {
  return new LabError({
    kind: "broken",
    message: `there are no packages of Slurm ${wanted} any more`,
    expected: `${suite} to carry Slurm ${wanted}`,
    seen: `${suite} carries Slurm ${found}; nothing was built, as its label would be wrong`,
    hint: `build ${wanted} from its source: pnpm images build --slurm ${wanted}.N --source FILE --sha256 SUM`,
  });
}

function lockUnmet({ message, missing }: LockUnmet): LabError {
  return new LabError({
    kind: "broken",
    message,
    seen: missing.slice(0, 10).join("\n"),
    hint: "nothing was built: use a mirror that still has them, or build without --lock and look at the difference: pnpm images diff FILE RELEASE",
  });
}

/** What one release's images and the layers that are made on the way take, with room to spare. */
const NEEDED_BYTES = 3e9;

/** An engine's disk that fills up in the middle leaves errors that name everything but that. */
function checkDisk(folder: string): void {
  // The folder of an engine on another machine is not here.
  if (!existsSync(folder)) return;
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= NEEDED_BYTES) return;
  throw new LabError({
    kind: "broken",
    message: "there is too little room to build images",
    expected: `${(NEEDED_BYTES / 1e9).toFixed(0)} GB free`,
    seen: `${((bavail * bsize) / 1e9).toFixed(1)} GB`,
    where: folder,
    hint: "pnpm images prune removes what no release needs any more",
  });
}

/** Of a build's hundreds of lines, those that say where it is: at most one line an image and second. */
function stageLines(say: (line: string) => void): (image: string, line: string) => void {
  const last = new Map<string, number>();
  return (image, line) => {
    const told = /^(\[|I: |.* cannot be pulled|base image)/.test(line);
    if (!told || performance.now() - (last.get(image) ?? Number.NEGATIVE_INFINITY) < 1_000) return;
    last.set(image, performance.now());
    say(`building ${image}: ${line.length > 90 ? `${line.slice(0, 87)}...` : line}`);
  };
}
