import { createReadStream, createWriteStream, renameSync, rmSync, statSync } from "node:fs";
import type { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip, createZstdCompress, createZstdDecompress } from "node:zlib";
import {
  CATALOG,
  IMAGE_ROLES,
  type ImageSet,
  imageSet,
  LAYER_NAMES,
  layeredSet,
  layerRecipe,
  sourceImageSet,
  sourcesIn,
} from "@slurmlab/images";
import type { Engine } from "../../engine/engine.ts";
import { EXIT, LabError, messageOf } from "../../errors/lab-error.ts";
import { terminal } from "../terminal.ts";
import { imageEngine, megabytes, refuseExisting, slurmsNamed } from "./sets.ts";

export interface SaveOptions {
  readonly slurm: readonly string[];
  readonly out: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `images save`: every image of these releases in one file, for a machine without a network. */
export async function save(options: SaveOptions): Promise<number> {
  refuseExisting(options.out, options.force);
  const releases = slurmsNamed(options.slurm);
  const out = terminal(options);
  const { engine } = await imageEngine(out);
  const tags: string[] = [];
  for (const { images } of releases) {
    const set = await images(engine);
    tags.push(...Object.values(set.tags), ...(await layersThere(engine, set)));
  }
  const unfinished = `${options.out}.unfinished`;
  try {
    const tar = await engine.saveImages(tags);
    const packer = compressor(options.out);
    const file = createWriteStream(unfinished);
    await (packer ? pipeline(tar, packer, file) : pipeline(tar, file));
    renameSync(unfinished, options.out);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw new LabError({
      kind: "broken",
      message: `${options.out} could not be written`,
      seen: messageOf(error),
      cause: error,
    });
  }
  const { size } = statSync(options.out);
  if (options.json) out.print(JSON.stringify({ file: options.out, bytes: size, images: tags }, null, 2));
  else
    out.print(
      `wrote ${options.out} (${megabytes(size)}): Slurm ${releases.map(({ slurm }) => slurm).join(", ")}, ${tags.length} images\non the other machine: pnpm images load ${options.out}`,
    );
  return EXIT.ok;
}

/** The images of layers that somebody has built on these: whoever takes a release along wants them, too. */
async function layersThere(engine: Engine, set: ImageSet): Promise<string[]> {
  const there = new Set((await engine.listImages()).flatMap(({ tags }) => tags));
  return LAYER_NAMES.flatMap((name) => {
    const { tags } = layeredSet(set, name);
    return layerRecipe(name).roles.flatMap((role) => (there.has(tags[role]) ? [tags[role]] : []));
  });
}

/** `images load`: the images of a bundle into the engine, and which releases run from them here. */
export async function load(path: string, options: { json?: boolean }): Promise<number> {
  const out = terminal(options);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile())
    throw new LabError({
      kind: "bad-input",
      message: `no file ${path}`,
      hint: "pnpm images save --out FILE makes one",
    });
  const { engine } = await imageEngine(out);
  const tags = await unpack(engine, path);
  const loaded = (await engine.listImages()).filter((image) => image.tags.some((tag) => tags.includes(tag)));
  const complete = [
    ...CATALOG.map((release) => imageSet(release, engine.architecture)),
    ...sourcesIn(loaded).map((source) => sourceImageSet(source, engine.architecture)),
  ]
    .filter((set) => IMAGE_ROLES.every((role) => tags.includes(set.tags[role])))
    .map(({ slurm }) => slurm);
  if (options.json) out.print(JSON.stringify({ images: tags, releases: complete }, null, 2));
  else
    out.print(`loaded ${tags.length} images${complete.length > 0 ? `: Slurm ${complete.join(", ")}` : ""}`);
  if (complete.length > 0) return EXIT.ok;
  throw new LabError({
    kind: "bad-input",
    message: "the bundle has no release that this checkout can run from it",
    expected: `tags such as ${Object.values(imageSet(CATALOG[0] as never, engine.architecture).tags)[0]}`,
    seen: tags.slice(0, 5).join(", ") || "no image",
    hint: "a bundle is for the version of slurmlab and the architecture that it was made with: use that checkout, or make another one",
  });
}

async function unpack(engine: Engine, path: string): Promise<string[]> {
  const abort = new AbortController();
  const file: Readable = createReadStream(path);
  const packed = decompressor(path);
  try {
    if (!packed) return await engine.loadImages(file, abort.signal);
    const [tags] = await Promise.all([
      engine.loadImages(packed, abort.signal),
      pipeline(file, packed, { end: true }).catch((error: unknown) => {
        abort.abort(error);
        throw error;
      }),
    ]);
    return tags;
  } catch (error) {
    throw new LabError({
      kind: "bad-input",
      message: `${path} is no bundle of images`,
      expected: "a file that `pnpm images save` wrote: .tar, .tar.gz or .tar.zst, as its name says",
      seen: messageOf(error),
      cause: error,
    });
  }
}

/** By the file's name, as tar does it. */
function compressor(path: string): Transform | undefined {
  if (path.endsWith(".zst")) return createZstdCompress();
  return path.endsWith(".gz") || path.endsWith(".tgz") ? createGzip({ level: 3 }) : undefined;
}

function decompressor(path: string): Transform | undefined {
  if (path.endsWith(".zst")) return createZstdDecompress();
  return path.endsWith(".gz") || path.endsWith(".tgz") ? createGunzip() : undefined;
}
