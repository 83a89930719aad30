import type { LayerName } from "./layers.ts";
import type { ImageSet } from "./recipe.ts";
import type { ImageRole } from "./roles.ts";
import type { SiteBase } from "./site-base.ts";
import type { SlurmSource } from "./source.ts";

/**
 * What an image says of itself. None is `slurmlab` alone: containers inherit an image's labels, and that one means a
 * cluster's container, which may be swept away.
 */
export const IMAGE_LABEL = {
  role: "slurmlab.image.role",
  /** `24.11.5`: what the daemons in it say. */
  slurm: "slurmlab.image.slurm",
  hash: "slurmlab.image.hash",
  suite: "slurmlab.image.suite",
  /** What a site calls its own base, and the engine's id of that; none where the base is the suite's. */
  base: "slurmlab.image.base",
  baseId: "slurmlab.image.base-id",
  /** `packages` of the suite, or `source`: compiled here. */
  origin: "slurmlab.image.origin",
  /** The file name of the tarball that it was compiled from. */
  sourceFile: "slurmlab.image.source-file",
  sourceSum: "slurmlab.image.source-sha256",
  /** Arguments of configure beyond our own, as JSON. */
  configure: "slurmlab.image.configure",
  /** What it has beside Slurm, or in place of MariaDB: `mpi`, `mysql`. */
  layer: "slurmlab.image.layer",
  /** When the mirror's index was made that its packages are from. */
  mirrorDate: "slurmlab.image.mirror-date",
} as const;

export function imageLabels(image: {
  readonly role: ImageRole;
  readonly version: string;
  readonly mirrorDate: string;
  readonly set: ImageSet;
}): Record<string, string> {
  return {
    [IMAGE_LABEL.role]: image.role,
    [IMAGE_LABEL.slurm]: image.version,
    [IMAGE_LABEL.hash]: image.set.hash,
    [IMAGE_LABEL.suite]: image.set.base.suite,
    ...baseLabels(image.set.site),
    ...originLabels(image.set.compiled?.source),
    [IMAGE_LABEL.mirrorDate]: image.mirrorDate,
    "org.opencontainers.image.title": `Slurm ${image.version}: ${image.role}`,
    "org.opencontainers.image.version": image.version,
  };
}

/** Of an image that has the compiled parts, and is none to start. */
export function builtLabels(source: SlurmSource, hash: string): Record<string, string> {
  return {
    [IMAGE_LABEL.role]: "built",
    [IMAGE_LABEL.slurm]: source.version,
    [IMAGE_LABEL.hash]: hash,
    [IMAGE_LABEL.suite]: source.suite,
    ...baseLabels(source.base),
    ...originLabels(source),
  };
}

/** Of an image with one more layer, beside what it has from the image below. */
export function layerLabels(layer: LayerName, hash: string): Record<string, string> {
  return { [IMAGE_LABEL.layer]: layer, [IMAGE_LABEL.hash]: hash };
}

function baseLabels(base: SiteBase | undefined): Record<string, string> {
  return base ? { [IMAGE_LABEL.base]: base.reference, [IMAGE_LABEL.baseId]: base.id } : {};
}

function originLabels(source: SlurmSource | undefined): Record<string, string> {
  if (!source) return { [IMAGE_LABEL.origin]: "packages" };
  return {
    [IMAGE_LABEL.origin]: "source",
    [IMAGE_LABEL.sourceFile]: source.file,
    [IMAGE_LABEL.sourceSum]: source.sha256,
    [IMAGE_LABEL.configure]: JSON.stringify(source.configure),
  };
}
