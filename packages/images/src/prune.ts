import type { StoredImage } from "./engine.ts";
import { IMAGE_LABEL } from "./labels.ts";

/** An image that nothing needs any more, and why. */
export interface Prunable {
  /** A tag, or the id of an image that has none. */
  readonly name: string;
  readonly why: string;
  /** Bytes, layers that others share included. */
  readonly size: number;
}

/**
 * Images of slurmlab that no release of this checkout asks for: other contents, other bases, remains of builds. Images
 * that were built from source or on a site's base are somebody's own work and stay, unless `all`.
 */
export function prunable(
  images: readonly StoredImage[],
  wanted: ReadonlySet<string>,
  options: { readonly all: boolean },
): Prunable[] {
  return images.flatMap((image) => {
    const ours = image.tags.filter((tag) => tag.startsWith("slurmlab/"));
    const { size } = image;
    if (ours.length === 0) {
      const labelled = image.labels[IMAGE_LABEL.role] !== undefined && image.tags.length === 0;
      return labelled ? [{ name: image.id, why: "it has lost its tag", size }] : [];
    }
    return ours.flatMap((name) => {
      if (options.all) return [{ name, why: "all are to go", size }];
      if (wanted.has(name) || isTheirs(image, name)) return [];
      const unfinished = name.startsWith("slurmlab/unfinished:") || name.endsWith("-unfinished");
      const why = unfinished
        ? "a build that was killed left it"
        : "no release of this checkout is made like this";
      return [{ name, why, size }];
    });
  });
}

function isTheirs({ labels }: StoredImage, tag: string): boolean {
  const { origin, base } = IMAGE_LABEL;
  return (
    labels[origin] === "source" ||
    labels[base] !== undefined ||
    tag.startsWith("slurmlab/base:site-") ||
    tag.startsWith("slurmlab/snapshot:")
  );
}
