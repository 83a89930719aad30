import { IMAGE_ROLES, type ImageRole, type StoredImage, sourceImageSet, sourcesIn } from "@slurmlab/images";

/** What `images list` says of one Slurm that was compiled here. */
export interface CompiledRow {
  readonly slurm: string;
  readonly suite: string;
  readonly source: { readonly file: string; readonly sha256: string; readonly configure: readonly string[] };
  /** Images that this slurmlab would make first. */
  readonly missing: readonly ImageRole[];
  readonly images: Readonly<Record<ImageRole, string>>;
}

/** Every Slurm that images of the engine were compiled from, oldest version first. */
export function compiledRows(stored: readonly StoredImage[], architecture: string): CompiledRow[] {
  const there = new Set(stored.flatMap((image) => image.tags));
  return sourcesIn(stored)
    .map((source) => {
      const { tags } = sourceImageSet(source, architecture);
      const { version, suite, file, sha256, configure } = source;
      const missing = IMAGE_ROLES.filter((role) => !there.has(tags[role]));
      return { slurm: version, suite, source: { file, sha256, configure }, missing, images: tags };
    })
    .sort((a, b) => a.slurm.localeCompare(b.slurm, "en", { numeric: true }));
}

/** `22.05.8  bookworm  built  from slurm-22.05.8.tar.bz2`. */
export function compiledLine({ slurm, suite, source, missing }: CompiledRow): string {
  const state = missing.length === 0 ? "built    " : "not built";
  return [slurm, suite.padEnd(9), state, "from", source.file, ...source.configure].join(" ");
}
