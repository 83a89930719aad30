import { IMAGE_ROLES } from "@slurmlab/images";
import { EXIT, LabError } from "../../errors/lab-error.ts";
import { type Terminal, terminal } from "../terminal.ts";
import { prepareImages } from "./prepare.ts";
import { imageEngine, readLock, releasesNamed } from "./sets.ts";
import { buildFromSource, type SourceOptions } from "./source.ts";

export interface BuildOptions extends SourceOptions {
  readonly yes?: boolean;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

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
  const lock = options.lock === undefined ? undefined : readLock(options.lock);
  const releases = releasesNamed(options.slurm);
  for (const { slurm } of lock ? releases : [])
    if (!lock?.images[slurm])
      throw new LabError({
        kind: "bad-input",
        message: `${options.lock} has no Slurm ${slurm}`,
        expected: `--slurm with ${Object.keys(lock?.images ?? {}).join(", ")}`,
      });
  const { engine } = await imageEngine(out);
  for (const release of releases) {
    const set = await prepareImages(engine, release, IMAGE_ROLES, {
      terminal: out,
      say: out.note,
      detail: options.verbose ? out.note : () => {},
      signal,
      locked: lock?.images[release.slurm],
    });
    out.print(`Slurm ${release.slurm}: ${IMAGE_ROLES.join(", ")} (${release.slurm}-${set.hash})`);
  }
}
