import { DEFAULT_CLUSTER } from "@slurmlab/config-gen";
import { type ContextFile, hash, hashFiles, readTree } from "./files.ts";
import { type LayerName, layerRecipe } from "./layers.ts";
import type { ImageSet } from "./recipe.ts";
import type { ImageRole } from "./roles.ts";

/** Some of a set's images, in another way. */
export interface ImageLayer {
  readonly name: LayerName;
  /** The same set without it: what the layer is put on. */
  readonly plain: ImageSet;
  readonly stage: string;
  /** The image of the plain set that a role's is made from. */
  readonly on: (role: ImageRole) => ImageRole;
  readonly moreFrom?: string;
  readonly args: Readonly<Record<string, string>>;
  readonly files: readonly ContextFile[];
}

/** A set in which the images of a layer's roles have it; all others are the set's own. */
export function layeredSet(plain: ImageSet, name: LayerName): ImageSet {
  const { words, also, folder, stage, roles, on, moreFrom } = layerRecipe(name);
  const args = {
    CACHE: plain.args.CACHE ?? "",
    WORDS: [...words, ...(also?.[plain.base.suite] ?? [])].join(" "),
    ...(folder === "mysql" ? { SYSTEM: plain.base.tag, CLUSTER: DEFAULT_CLUSTER } : {}),
  };
  const files = [
    ...layerFiles(folder),
    ...plain.files.filter(
      ({ path }) =>
        (path.startsWith("build/") && path !== "build/preferences") ||
        (folder === "mysql" && path.startsWith("node/")),
    ),
    ...(moreFrom === undefined ? [] : [preferences(moreFrom)]),
  ];
  const below = roles.map((role) => plain.tags[on ?? role]);
  // Not of the whole set: another layer, on other images, makes no difference to these.
  const sum = `${name}-${hash([...below, JSON.stringify(args), ...hashFiles(files)])}`;
  const layered = roles.map((role) => [role, `slurmlab/${role}:${plain.slurm}-${sum}`] as const);
  return {
    ...plain,
    hash: sum,
    tags: { ...plain.tags, ...(Object.fromEntries(layered) as Partial<Record<ImageRole, string>>) },
    layer: {
      name,
      plain,
      stage,
      on: (role) => on ?? role,
      args,
      files,
      ...(moreFrom === undefined ? {} : { moreFrom }),
    },
  };
}

/** A layer's own folder, and the script that installs packages on what is there already. */
function layerFiles(folder: "variant" | "mysql"): ContextFile[] {
  const add = readTree("context/variant", "variant").filter(({ path }) => path === "variant/add");
  return [...readTree(`context/${folder}`, ".").filter(({ path }) => path !== "add"), ...add];
}

/** apt's preferences: another suite is for what the image's own does not have. */
function preferences(suite: string): ContextFile {
  const content = `Package: *\nPin: release n=${suite}\nPin-Priority: 100\n`;
  return { path: "build/preferences", content: Buffer.from(content), executable: false };
}
