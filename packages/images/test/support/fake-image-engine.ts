import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { extract } from "tar-stream";
import type { ImageBuild, ImageEngine, StoredImage } from "../../src/index.ts";

/** A file that came in a build's context. */
interface ContextEntry {
  readonly path: string;
  readonly mode: number | undefined;
  readonly mtime: number | undefined;
  readonly content: string;
}

/** An engine in memory: keeps tags, writes down what it is asked, and does what a test tells it to meanwhile. */
export class FakeImageEngine implements ImageEngine {
  readonly architecture = "amd64";
  readonly images: Set<string>;
  /** `build slurm` when a build begins, `built slurm` when its image is there, and so on. */
  readonly log: string[] = [];
  readonly contexts = new Map<string, readonly ContextEntry[]>();
  readonly builds = new Map<string, ImageBuild>();
  /** What happens during a build, by image name. */
  readonly during: Record<string, (build: ImageBuild) => Promise<void>> = {};
  /** What the mirror has. */
  resolved = "mirror Sat, 15 Nov 2026 08:00:00 UTC\npackage slurm-client 24.11.5-4\n";
  /** Files of images, by path, whichever image it is. */
  readonly files: Record<string, string> = {};
  /** What a registry answers. */
  pulling: (signal: AbortSignal) => Promise<void> = async () => {};

  constructor(images: Iterable<string> = []) {
    this.images = new Set(images);
  }

  async hasImage(tag: string): Promise<boolean> {
    return this.images.has(tag);
  }

  async tagImage(from: string, tag: string): Promise<void> {
    if (!this.images.has(from)) throw new Error(`no such image: ${from}`);
    this.log.push(`tag ${nameOf(tag)}`);
    this.images.add(tag);
  }

  async untagImage(tag: string): Promise<void> {
    this.images.delete(tag);
  }

  async removeImage(tag: string): Promise<void> {
    this.images.delete(tag);
  }

  async listImages(): Promise<StoredImage[]> {
    return [...this.images].map((tag) => ({ id: tag, tags: [tag], labels: {}, size: 0, created: 0 }));
  }

  async saveImages(): Promise<Readable> {
    throw new Error("no image of the fake engine has any bytes");
  }

  async loadImages(): Promise<string[]> {
    throw new Error("no image of the fake engine has any bytes");
  }

  async pushImage(): Promise<void> {
    throw new Error("there is no registry");
  }

  async readImageFile(tag: string, path: string): Promise<Buffer | undefined> {
    const content = this.files[path];
    if (content !== undefined) return Buffer.from(content);
    return nameOf(tag) === "unfinished" ? Buffer.from(this.resolved) : undefined;
  }

  async pullImage(reference: string, signal: AbortSignal): Promise<void> {
    this.log.push(`pull ${reference}`);
    await this.pulling(signal);
    this.images.add(reference);
  }

  async importImage(_rootfs: Readable, _tag: string): Promise<void> {
    throw new Error("this engine imports nothing");
  }

  async buildImage(context: Readable, build: ImageBuild): Promise<void> {
    const name = build.target;
    this.log.push(`build ${name}`);
    this.builds.set(name, build);
    const base = build.args.BASE ?? "";
    if (!this.images.has(base)) throw new Error(`no such image: ${base}`);
    this.contexts.set(name, await unpack(context));
    await this.during[name]?.(build);
    build.signal.throwIfAborted();
    this.images.add(build.tag);
    this.log.push(`built ${name}`);
  }
}

/** `slurm` from `slurmlab/slurm:24.11-...`. */
function nameOf(tag: string): string {
  return /^slurmlab\/([\w-]+):/.exec(tag)?.[1] ?? tag;
}

async function unpack(tar: Readable): Promise<ContextEntry[]> {
  const entries: ContextEntry[] = [];
  for await (const entry of tar.pipe(extract())) {
    const { name, mode, mtime } = entry.header;
    entries.push({ path: name, mode, mtime: mtime?.getTime(), content: await text(entry) });
  }
  return entries;
}
