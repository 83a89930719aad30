import { z } from "zod";

const packages = z.record(z.string(), z.string());

const lockSchema = z.strictObject({
  /** Of this file's form. */
  lock: z.literal(1),
  images: z.record(
    z.string(),
    z.strictObject({
      /** What the daemons say: `24.11.5`. */
      version: z.string(),
      suite: z.string(),
      architecture: z.string(),
      /** When the mirror's index was made that the packages are from; empty when it did not say. */
      mirrorDate: z.string(),
      /** By name, of all roles together. */
      packages,
    }),
  ),
});

/** The exact packages of built images, by release: with it the same can be built again, or a difference is shown. */
export type ImageLock = z.output<typeof lockSchema>;
export type LockedImages = ImageLock["images"][string];

/** A lock file's content, or what is wrong with it, a line each. */
export function parseLock(text: string): ImageLock | readonly string[] {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    return [`it is no JSON: ${(error as Error).message}`];
  }
  const parsed = lockSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  return parsed.error.issues.map((issue) => `${issue.path.join(".") || "the file"}: ${issue.message}`);
}

/** For people to read in a difference: keys in order, a package a line. */
export function formatLock(lock: ImageLock): string {
  return `${JSON.stringify(lock, null, 2)}\n`;
}

/** apt's preferences that hold every package at its locked version, newer or older than the mirror's newest. */
export function aptPreferences(locked: LockedImages): string {
  return Object.entries(locked.packages)
    .map(([name, version]) => `Package: ${name}\nPin: version ${version}\nPin-Priority: 1001\n`)
    .join("\n");
}

/** The mirror does not have what the lock file names. */
export class LockUnmet extends Error {
  override name = "LockUnmet";
  /** `slurmd 24.11.5-4, the mirror has 24.11.5-5`. */
  readonly missing: readonly string[];

  constructor(missing: readonly string[]) {
    super(`${missing.length} locked packages cannot be had any more`);
    this.missing = missing;
  }
}

/** What a mirror would install otherwise than locked. A package that the lock does not name is one more. */
export function unmet(locked: LockedImages, found: ReadonlyMap<string, string>): string[] {
  return [...found]
    .filter(([name, version]) => locked.packages[name] !== version)
    .map(([name, version]) => {
      const wanted = locked.packages[name];
      return wanted === undefined
        ? `${name} ${version}, which is not in the lock file`
        : `${name} ${wanted}: the mirror has ${version}`;
    });
}
