import { imageSet, layersWanted } from "@slurmlab/images";
import { EXIT, LabError } from "../../errors/lab-error.ts";
import { SIGNALS } from "../interrupt.ts";
import { type Terminal, terminal } from "../terminal.ts";
import { buildAll } from "./build-all.ts";
import { refuseLacking, rolesToBuild, withLayers } from "./layers.ts";
import { imageEngine, readLock, releasesNamed } from "./sets.ts";
import { checkBase, siteBase } from "./site-base.ts";
import { buildFromSource, type SourceOptions } from "./source.ts";

export interface BuildOptions extends SourceOptions {
  readonly yes?: boolean;
}

/** `images build`: every image of these releases that is not there, or of a Slurm that is compiled. */
export async function build(options: BuildOptions): Promise<number> {
  const out = terminal(options);
  const interrupted = new AbortController();
  // The engine ends a build whose client has gone; what it had made is in its cache and under no tag.
  const stop = (name: NodeJS.Signals) =>
    interrupted.abort(new LabError({ kind: "interrupted", message: `${name}: the build was stopped` }));
  for (const name of SIGNALS) process.once(name, stop);
  try {
    const { signal } = interrupted;
    if (!(await buildFromSource(options, out, signal))) await buildReleases(options, out, signal);
  } finally {
    for (const name of SIGNALS) process.off(name, stop);
  }
  return EXIT.ok;
}

async function buildReleases(options: BuildOptions, out: Terminal, signal: AbortSignal): Promise<void> {
  checkBase(options.base);
  const lock = options.lock === undefined ? undefined : readLock(options.lock);
  const releases = releasesNamed(options.slurm);
  if (lock && layersWanted(options).length > 0)
    throw new LabError({
      kind: "bad-input",
      message: "--lock holds the packages of the images themselves, and a variant or MySQL has others",
      expected: "one of the two",
      seen: "both",
    });
  for (const { slurm } of lock ? releases : [])
    if (!lock?.images[slurm])
      throw new LabError({
        kind: "bad-input",
        message: `${options.lock} has no Slurm ${slurm}`,
        expected: `--slurm with ${Object.keys(lock?.images ?? {}).join(", ")}`,
      });
  for (const { suite } of releases) refuseLacking(options, suite);
  const { engine } = await imageEngine(out);
  const base = await siteBase(engine, options.base, signal);
  const roles = rolesToBuild(options);
  const sets = releases.map((release) => {
    const locked = lock?.images[release.slurm];
    const plain = imageSet(release, engine.architecture, {
      ...(locked ? { locked } : {}),
      ...(base ? { base } : {}),
    });
    return withLayers(plain, options);
  });
  await buildAll(sets, { engine, roles, out, signal, verbose: options.verbose ?? false });
  for (const { slurm, hash } of sets) out.print(`Slurm ${slurm}: ${roles.join(", ")} (${slurm}-${hash})`);
}
