import type { StoredImage } from "./engine.ts";
import { IMAGE_LABEL } from "./labels.ts";
import type { SlurmSource } from "./source.ts";

/**
 * Every Slurm that images of an engine were compiled from, the one with the newest image first. Nothing else is kept of
 * them: from these labels the whole recipe can be made again.
 */
export function sourcesIn(images: readonly StoredImage[]): SlurmSource[] {
  const newestFirst = [...images].sort((a, b) => b.created - a.created);
  const sources = newestFirst.flatMap((image) => sourceOf(image.labels) ?? []);
  return [...new Map(sources.map((source) => [JSON.stringify(source), source])).values()];
}

/** What an image says of the Slurm that was compiled for it; undefined when it says none. */
function sourceOf(labels: StoredImage["labels"]): SlurmSource | undefined {
  if (labels[IMAGE_LABEL.origin] !== "source") return undefined;
  const version = labels[IMAGE_LABEL.slurm];
  const sum = labels[IMAGE_LABEL.sourceSum];
  const suite = labels[IMAGE_LABEL.suite];
  const configure = wordsOf(labels[IMAGE_LABEL.configure]);
  if (!version || !sum || !suite || !configure) return undefined;
  const [reference, id] = [labels[IMAGE_LABEL.base], labels[IMAGE_LABEL.baseId]];
  return {
    version,
    sha256: sum,
    file: labels[IMAGE_LABEL.sourceFile] ?? "",
    configure,
    suite,
    ...(reference && id ? { base: { reference, id, suite } } : {}),
  };
}

function wordsOf(json: string | undefined): string[] | undefined {
  try {
    const words: unknown = JSON.parse(json ?? "");
    return Array.isArray(words) && words.every((word) => typeof word === "string") ? words : undefined;
  } catch {
    return undefined;
  }
}
