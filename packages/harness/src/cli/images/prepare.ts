import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildImages, type ImageRole, type ImageSet, imageTags, missingImages } from "@slurmlab/images";
import type { Engine } from "../../engine/engine.ts";
import { hasProgram, installPackages, whyNoInstall } from "../../engine/install.ts";
import { LabError } from "../../errors/lab-error.ts";
import { seconds } from "../../report/summary.ts";
import { OUTPUT_FOLDER } from "../project.ts";
import type { Terminal } from "../terminal.ts";
import { checkDisk } from "./disk.ts";
import { buildFailure } from "./failures.ts";

export interface PrepareOptions {
  readonly terminal: Terminal;
  readonly say: (line: string) => void;
  readonly detail: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Builds what a set lacks of these images; the whole output goes to a log file, its newest line to the user. */
export async function prepareImages(
  engine: Engine,
  set: ImageSet,
  roles: readonly ImageRole[],
  options: PrepareOptions,
): Promise<ImageSet> {
  if (missingImages(await imageTags(engine), set, roles).length === 0) return set;
  checkDisk(engine.facts.dataFolder);
  const folder = join(OUTPUT_FOLDER, "logs");
  mkdirSync(folder, { recursive: true });
  const logOf = (image: string) => join(folder, `build-${set.slurm}-${image.replace(" ", "-")}.log`);
  const layers = set.variant ? roles.map((role) => `${set.variant?.name} ${role}`) : [];
  for (const image of ["base", "compile", "mirror", ...roles, ...layers]) writeFileSync(logOf(image), "");
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
    throw buildFailure(error, set, logOf);
  }
  return set;
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
