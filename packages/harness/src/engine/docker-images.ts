import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { ImageBuild, StoredImage } from "@slurmlab/images";
import type Docker from "dockerode";
import { extract } from "tar-stream";
import { followBuild } from "./build-output.ts";
import { loadedNames, nameForEngine, nameFromEngine } from "./image-names.ts";

/** What an engine does with images, the part of {@link DockerEngine} that clusters never call. */
export class DockerImages {
  readonly #docker: Docker;
  /** The network that builds use, if not the engine's default one. */
  readonly #buildNetwork: string | undefined;
  readonly #podman: boolean;

  constructor(docker: Docker, options: { buildNetwork: string | undefined; podman: boolean }) {
    this.#docker = docker;
    this.#buildNetwork = options.buildNetwork;
    this.#podman = options.podman;
  }

  /** An image by the name that the engine has for it. */
  #image(tag: string): Docker.Image {
    return this.#docker.getImage(this.#name(tag));
  }

  #name(tag: string): string {
    return nameForEngine(tag, this.#podman);
  }

  async has(tag: string): Promise<boolean> {
    return (await ignoreMissing(this.#image(tag).inspect())) !== undefined;
  }

  async list(): Promise<StoredImage[]> {
    const found = await this.#docker.listImages();
    return found.map((image) => ({
      id: image.Id,
      tags: (image.RepoTags ?? []).filter((tag) => tag !== "<none>:<none>").map(nameFromEngine),
      labels: image.Labels ?? {},
      size: image.Size,
      created: image.Created,
    }));
  }

  async tag(from: string, tag: string): Promise<void> {
    const [repo, name] = splitTag(this.#name(tag));
    await this.#image(from).tag({ repo, tag: name });
  }

  async untag(tag: string): Promise<void> {
    await ignoreMissing(this.#image(tag).remove({ noprune: true }));
  }

  async remove(tag: string): Promise<void> {
    await ignoreMissing(this.#image(tag).remove());
  }

  async pull(reference: string, signal: AbortSignal): Promise<void> {
    const stream = await this.#docker.pull(reference, { abortSignal: signal });
    await followBuild(stream as Readable, () => {}, signal);
  }

  async import(rootfs: Readable, tag: string, signal: AbortSignal): Promise<void> {
    const [repo, name] = splitTag(this.#name(tag));
    // Podman (4.3) names what it imports latest, whatever the tag.
    const named = this.#podman ? { repo: `${repo}:${name}` } : { repo, tag: name };
    // Nobody else tells the engine when what is sent to it breaks off: it would wait for the rest.
    const broken = new AbortController();
    rootfs.once("error", (error) => broken.abort(error));
    const either = AbortSignal.any([signal, broken.signal]);
    try {
      const options = { ...named, abortSignal: either };
      const stream = await this.#docker.importImage(rootfs, options);
      await followBuild(stream as Readable, () => {}, either);
    } catch (error) {
      either.throwIfAborted();
      throw error;
    }
  }

  async build(context: Readable, build: ImageBuild): Promise<void> {
    const stream = await this.#docker.buildImage(context, {
      t: this.#name(build.tag),
      target: build.target,
      buildargs: build.args,
      labels: build.labels,
      // BuildKit: its mounts keep scripts and package caches out of the layers. It needs no session for what we do.
      // Podman's builder has the same mounts, and no such version.
      ...(this.#podman ? {} : { version: "2" as const }),
      ...(this.#buildNetwork ? { networkmode: this.#buildNetwork } : {}),
      abortSignal: build.signal,
    });
    await followBuild(stream as Readable, build.onLine, build.signal);
  }

  async save(tags: readonly string[]): Promise<Readable> {
    // dockerode saves one image at a time, and layers that images share would be in each of them.
    const names = tags.map((tag) => `names=${encodeURIComponent(this.#name(tag))}`).join("&");
    const statusCodes = { 200: true, 404: "no such image", 500: "server error" };
    return new Promise((resolve, reject) => {
      this.#docker.modem.dial(
        // docker-modem takes the last sign of a path with a question mark for one that it has put there itself.
        { path: `/images/get?${names}&`, method: "GET", isStream: true, statusCodes },
        (error, stream) => (error ? reject(error) : resolve(stream as Readable)),
      );
    });
  }

  async load(tar: Readable, signal: AbortSignal): Promise<string[]> {
    const stream = await this.#docker.loadImage(tar, { quiet: true, abortSignal: signal } as object);
    const tags: string[] = [];
    await followBuild(stream as unknown as Readable, (line) => tags.push(...loadedNames(line)), signal);
    return tags;
  }

  async push(tag: string, onLine: (line: string) => void, signal: AbortSignal): Promise<void> {
    // Without credentials of our own: an engine that is logged in elsewhere does not share those through its API.
    const stream = await this.#image(tag).push({ authconfig: {}, abortSignal: signal } as object);
    await followBuild(stream as unknown as Readable, onLine, signal);
  }

  async readFile(tag: string, path: string): Promise<Buffer | undefined> {
    // Never started: an image without any program will do.
    const container = await this.#docker.createContainer({
      Image: this.#name(tag),
      Cmd: ["none"],
      NetworkDisabled: true,
    });
    try {
      const tar = await ignoreMissing(container.getArchive({ path }));
      if (!tar) return undefined;
      for await (const entry of (tar as Readable).pipe(extract())) {
        const content = await buffer(entry);
        if (entry.header.type === "file") return content;
      }
      return undefined;
    } finally {
      await container.remove({ force: true });
    }
  }
}

export async function ignoreMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined;
    throw error;
  }
}

function splitTag(tag: string): [repo: string, tag: string] {
  const colon = tag.lastIndexOf(":");
  return [tag.slice(0, colon), tag.slice(colon + 1)];
}
