import { lookAtBase, type SiteBase, UnfitBase } from "@slurmlab/images";
import type { Engine } from "../../engine/engine.ts";
import { LabError } from "../../errors/lab-error.ts";

/** Whether `--base` names an image, `site/os:12`, and not a Debian suite. */
export function isImage(base: string): boolean {
  return /[:/]/.test(base);
}

/** Bad input, before anything is started: `--base` is no image, or stands beside a Slurm that was compiled on another. */
export function checkBase(base: string | undefined, compiled?: string): void {
  if (base === undefined) return;
  if (!isImage(base) || !/^[a-z0-9][\w./:@-]*$/.test(base))
    throw new LabError({
      kind: "bad-input",
      message: `--base ${base} is no image`,
      expected: "an image with its tag, such as site/os:12; a release's Debian suite is in the catalog",
      where: "--base",
    });
  if (compiled !== undefined)
    throw new LabError({
      kind: "bad-input",
      message: `Slurm ${compiled} is on the base that it was compiled on`,
      seen: `--base ${base}`,
      hint: `without --base, or: pnpm images build --slurm ${compiled} --source FILE --sha256 SUM --base ${base}`,
    });
}

/** The site's image that `--base` names, looked into; bad input when nothing can be built on it. */
export async function siteBase(
  engine: Engine,
  base: string | undefined,
  signal: AbortSignal,
): Promise<SiteBase | undefined> {
  if (base === undefined) return undefined;
  try {
    return await lookAtBase(engine, base, signal);
  } catch (error) {
    if (!(error instanceof UnfitBase)) throw error;
    throw new LabError({
      kind: "bad-input",
      message: `${base} cannot be what Slurm's images are built on`,
      expected: error.expected,
      seen: error.seen,
      where: "--base",
      cause: error,
    });
  }
}
