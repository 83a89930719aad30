import type { Readable } from "node:stream";

/** What building needs of a container engine. The harness's engine fits; this package imports no Docker library. */
export interface ImageEngine {
  /** `amd64`, `arm64`: Debian's name for the engine's architecture. */
  readonly architecture: string;
  hasImage(tag: string): Promise<boolean>;
  tagImage(from: string, tag: string): Promise<void>;
  /** Takes a tag away; the image stays as long as it has another. No error when there is no such tag. */
  untagImage(tag: string): Promise<void>;
  /**
   * Removes images without a tag that carry this label and are older than ten minutes: stages of builds that nothing
   * needs any more. Younger ones may belong to a build that runs beside this one.
   */
  pruneImages(label: string): Promise<void>;
  /** Rejects when no registry answers or the image is not there. */
  pullImage(reference: string, signal: AbortSignal): Promise<void>;
  /** A root file system as a tar stream becomes an image of one layer. */
  importImage(rootfs: Readable, tag: string, signal: AbortSignal): Promise<void>;
  /** Builds from a tar stream; the tag exists only when the whole build has succeeded. */
  buildImage(context: Readable, build: ImageBuild): Promise<void>;
}

export interface ImageBuild {
  readonly tag: string;
  readonly args: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}
