import { posix } from "node:path";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { IMAGE_ROLES, type ImageRole, type ImageSet } from "@slurmlab/images";
import { extract } from "tar-stream";
import type { Engine } from "../../src/engine/engine.ts";
import type { Figure } from "../support/figures.ts";

/** In MB; slurmctld's and slurmdbd's are held to what they have above the shared base. */
const GOALS: Partial<Record<ImageRole, { readonly mb: number; readonly aboveBase: boolean }>> = {
  slurmd: { mb: 240, aboveBase: false },
  slurmctld: { mb: 120, aboveBase: true },
  slurmdbd: { mb: 120, aboveBase: true },
};

/** What `docker save` says in manifest.json, an entry an image. */
interface Saved {
  readonly RepoTags: readonly string[];
  readonly Layers: readonly string[];
}

/** Sizes in MB (10^6 bytes) of layers as they lie on a disk, out of one save of the whole set and its base. */
export async function sizes(engine: Engine, images: ImageSet): Promise<Figure[]> {
  const { layersOf, sizeOf } = await layers(
    await engine.saveImages([images.base.tag, ...Object.values(images.tags)]),
  );
  const base = new Set(layersOf(images.base.tag));
  const mb = (names: Iterable<string>) =>
    [...new Set(names)].reduce((sum, name) => sum + sizeOf(name), 0) / 1e6;
  const all = Object.values(images.tags).flatMap(layersOf);
  return [
    { what: "size of all images, layers that they share once", unit: "MB", value: mb(all), goal: 450 },
    { what: "size of the base", unit: "MB", value: mb(base) },
    ...IMAGE_ROLES.map((role): Figure => {
      const own = layersOf(images.tags[role]);
      const goal = GOALS[role];
      return goal?.aboveBase
        ? {
            what: `size of ${role} above the base`,
            unit: "MB",
            value: mb(own.filter((name) => !base.has(name))),
            goal: goal.mb,
          }
        : { what: `size of ${role}`, unit: "MB", value: mb(own), ...(goal ? { goal: goal.mb } : {}) };
    }),
  ];
}

/** The layers of each image of a saved set by their names in it, and the size of each in bytes. */
async function layers(tar: Readable) {
  const bytes = new Map<string, number>();
  const links = new Map<string, string>();
  let manifest: readonly Saved[] = [];
  for await (const entry of tar.pipe(extract())) {
    const { name, size, linkname } = entry.header;
    // Docker before 25 saves a layer that is there already, under another name, as a link to it.
    if (linkname) links.set(name, posix.join(posix.dirname(name), linkname));
    bytes.set(name, size ?? 0);
    if (name === "manifest.json") manifest = JSON.parse(String(await buffer(entry))) as Saved[];
    else entry.resume();
  }
  const layersOf = (tag: string): string[] => {
    const image = manifest.find(({ RepoTags }) => RepoTags.includes(tag));
    if (!image) throw new Error(`${tag} is not among what was saved`);
    return image.Layers.map((name) => links.get(name) ?? name);
  };
  return { layersOf, sizeOf: (name: string) => bytes.get(name) ?? Number.NaN };
}
