import { existsSync, writeFileSync } from "node:fs";
import { comparePackages, formatLock, type LockedImages, lockOf, packagesOf } from "@slurmlab/images";
import type { Engine } from "../../engine/engine.ts";
import { EXIT, LabError } from "../../errors/lab-error.ts";
import { terminal } from "../terminal.ts";
import { imageEngine, readLock, refuseExisting, slurmsNamed } from "./sets.ts";

export interface LockOptions {
  readonly slurm: readonly string[];
  readonly out?: string;
  readonly force?: boolean;
}

/** `images lock`: the exact packages of built images, so that the same can be built again. */
export async function lock(options: LockOptions): Promise<number> {
  if (options.out) refuseExisting(options.out, options.force);
  const releases = slurmsNamed(options.slurm);
  const out = terminal({ json: true });
  const { engine } = await imageEngine(out);
  const stored = await engine.listImages();
  const images: Record<string, LockedImages> = {};
  for (const release of releases)
    images[release.slurm] = await lockOf(engine, await release.images(engine), stored);
  const text = formatLock({ lock: 1, images });
  if (options.out) {
    writeFileSync(options.out, text);
    out.note(`wrote ${options.out}; next: pnpm images build --lock ${options.out}`);
  } else out.print(text.trimEnd());
  return EXIT.ok;
}

/** `images diff`: 0 when both have the same packages, 1 when not. */
export async function diff(
  a: string,
  b: string,
  options: { slurm?: string; json?: boolean },
): Promise<number> {
  const out = terminal(options);
  const { engine } = await imageEngine(out);
  const [before, after] = [await packagesNamed(engine, a, options), await packagesNamed(engine, b, options)];
  const changes = comparePackages(before, after);
  if (options.json) out.print(JSON.stringify({ same: changes.length === 0, changes }, null, 2));
  else if (changes.length === 0) out.print("both have the same packages");
  else
    for (const { name, before: old, after: now } of changes)
      out.print(
        old === undefined
          ? `+ ${name} ${now}`
          : now === undefined
            ? `- ${name} ${old}`
            : `~ ${name} ${old} > ${now}`,
      );
  return changes.length === 0 ? EXIT.ok : EXIT.failed;
}

/** Of a lock file, of a tag, or of all images of a release. */
async function packagesNamed(
  engine: Engine,
  wanted: string,
  options: { slurm?: string },
): Promise<ReadonlyMap<string, string>> {
  if (existsSync(wanted) || (!wanted.includes(":") && /[/]|\.json$/.test(wanted))) {
    const { images } = readLock(wanted);
    const names = Object.keys(images);
    const slurm = options.slurm ?? (names.length === 1 ? names[0] : undefined);
    const locked = images[slurm ?? ""];
    if (locked) return new Map(Object.entries(locked.packages));
    throw new LabError({
      kind: "bad-input",
      message: slurm ? `${wanted} has no Slurm ${slurm}` : `${wanted} has several releases`,
      expected: `--slurm with one of ${names.join(", ")}`,
    });
  }
  if (wanted.includes(":")) {
    if (await engine.hasImage(wanted)) return packagesOf(engine, [wanted]);
    throw new LabError({
      kind: "bad-input",
      message: `no image ${wanted}`,
      hint: "pnpm images list --images",
    });
  }
  const [release] = slurmsNamed([wanted]);
  return release ? packagesOf(engine, Object.values((await release.images(engine)).tags)) : new Map();
}
