import { type ImageRole, type ImageSet, imageTags, missingImages } from "@slurmlab/images";
import type { Engine } from "../../engine/engine.ts";
import { hasProgram } from "../../engine/install.ts";
import type { Terminal } from "../terminal.ts";
import { prepareImages, stepsOf } from "./prepare.ts";
import { toolInstaller } from "./tools.ts";

export interface BuildAllOptions {
  readonly engine: Engine;
  readonly roles: readonly ImageRole[];
  readonly out: Terminal;
  /** Every line of every build. */
  readonly verbose: boolean;
  readonly signal: AbortSignal;
}

/** Builds what these sets lack, as many of them at a time as the engine has CPUs. */
export async function buildAll(
  sets: readonly ImageSet[],
  { engine, roles, out, verbose, signal }: BuildAllOptions,
): Promise<void> {
  const there = await imageTags(engine);
  const wanted = sets
    .map((set) => ({ set, missing: missingImages(there, set, roles) }))
    .filter(({ missing }) => missing.length > 0);
  if (wanted.length === 0) return;
  // Loaded when there is something to show: most calls find that there is not.
  const { buildSets } = await import("./build-view.ts");
  const ensureTool = toolInstaller(out, { say: out.note, signal });
  await buildSets(
    wanted.map(({ set, missing }) => ({
      slurm: set.slurm,
      images: stepsOf(there, set, missing),
      build: (watch) => prepareImages(engine, set, roles, { watch, ensureTool, signal }),
    })),
    {
      // A question whether a program may be installed would be drawn over.
      live: out.interactive && !verbose && hasProgram("mmdebstrap"),
      concurrent: engine.facts.cpus,
      say: out.note,
      detail: verbose ? out.note : () => {},
    },
  );
}
