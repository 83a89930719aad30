import type { Variant } from "@slurmlab/config-gen";
import { type ContextFile, hash, hashFiles, readTree } from "./files.ts";
import type { ImageSet } from "./recipe.ts";
import type { ImageRole } from "./roles.ts";
import { VARIANT_RECIPES, VARIANT_ROLES } from "./variants.ts";

/** One more layer on some of a set's images. */
export interface VariantLayer {
  readonly name: Variant;
  /** The same set without it: what the layer is put on. */
  readonly plain: ImageSet;
  readonly stage: string;
  readonly moreFrom?: string;
  readonly args: Readonly<Record<string, string>>;
  readonly files: readonly ContextFile[];
}

/** A set whose images for jobs and people have a variant's layer on top; all others are the set's own. */
export function variantSet(plain: ImageSet, name: Variant): ImageSet {
  const { words, stage, moreFrom } = VARIANT_RECIPES[name];
  const args = { CACHE: plain.args.CACHE ?? "", WORDS: words.join(" ") };
  const files = [
    ...readTree("context/variant", ".").map((file) =>
      /^(Dockerfile|ssh\/)/.test(file.path) ? file : { ...file, path: `variant/${file.path}` },
    ),
    ...plain.files.filter(({ path }) => path.startsWith("build/") && path !== "build/preferences"),
    ...(moreFrom === undefined ? [] : [preferences(moreFrom)]),
  ];
  const sum = `${name}-${hash([plain.hash, JSON.stringify(args), ...hashFiles(files)])}`;
  const layered = VARIANT_ROLES.map((role) => [role, `slurmlab/${role}:${plain.slurm}-${sum}`] as const);
  const layer = { name, plain, stage, args, files, ...(moreFrom === undefined ? {} : { moreFrom }) };
  return {
    ...plain,
    hash: sum,
    tags: { ...plain.tags, ...(Object.fromEntries(layered) as Partial<Record<ImageRole, string>>) },
    variant: layer,
  };
}

/** apt's preferences: another suite is for what the image's own does not have. */
function preferences(suite: string): ContextFile {
  const content = `Package: *\nPin: release n=${suite}\nPin-Priority: 100\n`;
  return { path: "build/preferences", content: Buffer.from(content), executable: false };
}
