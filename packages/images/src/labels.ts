import type { ImageSet } from "./recipe.ts";
import type { ImageRole } from "./roles.ts";

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
  /** `packages` of the suite, or `source`: compiled here. */
  origin: "slurmlab.image.origin",
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
    [IMAGE_LABEL.origin]: "packages",
    [IMAGE_LABEL.mirrorDate]: image.mirrorDate,
    "org.opencontainers.image.title": `Slurm ${image.version}: ${image.role}`,
    "org.opencontainers.image.version": image.version,
  };
}
