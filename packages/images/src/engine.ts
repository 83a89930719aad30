import type { Readable } from "node:stream";

/** What building needs of a container engine. The harness's engine fits; this package imports no Docker library. */
export interface ImageEngine {
  /** `amd64`, `arm64`: Debian's name for the engine's architecture. */
  readonly architecture: string;
  hasImage(tag: string): Promise<boolean>;
  /** Every image that carries this label or has a tag of this repository prefix, in one call. */
  listImages(): Promise<StoredImage[]>;
  tagImage(from: string, tag: string): Promise<void>;
  /** Takes a tag away; the image stays as long as it has another. No error when there is no such tag. */
  untagImage(tag: string): Promise<void>;
  /** Removes an image and what only it needs. Rejects while a container uses it; no error when it is not there. */
  removeImage(tag: string): Promise<void>;
  /** Rejects when no registry answers or the image is not there. */
  pullImage(reference: string, signal: AbortSignal): Promise<void>;
  /** A root file system as a tar stream becomes an image of one layer. */
  importImage(rootfs: Readable, tag: string, signal: AbortSignal): Promise<void>;
  /** Builds from a tar stream; the tag exists only when the whole build has succeeded. */
  buildImage(context: Readable, build: ImageBuild): Promise<void>;
  /** Images as one tar stream, layers that they share once: the format of `docker save`. */
  saveImages(tags: readonly string[]): Promise<Readable>;
  /** Takes in what `saveImages` gave; resolves to the tags. */
  loadImages(tar: Readable, signal: AbortSignal): Promise<string[]>;
  /** Sends an image to the registry that its tag names. Rejects with the registry's words. */
  pushImage(tag: string, onLine: (line: string) => void, signal: AbortSignal): Promise<void>;
  /** The content of one file of an image; undefined when it has no such file. */
  readImageFile(tag: string, path: string): Promise<Buffer | undefined>;
}

/** One image in an engine. */
export interface StoredImage {
  readonly id: string;
  /** `slurmlab/slurmd:24.11-0123456789ab`; empty for one that has lost them all. */
  readonly tags: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** Bytes, layers that others share included. */
  readonly size: number;
  /** Seconds since 1970. */
  readonly created: number;
}

export interface ImageBuild {
  readonly tag: string;
  /** The stage of the Dockerfile that is wanted. */
  readonly target: string;
  readonly args: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}
