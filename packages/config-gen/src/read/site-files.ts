/** A file of a site's configuration folder. */
export interface SiteFile {
  /** Relative to the folder, with slashes: `slurm.conf`, `conf.d/nodes.conf`. */
  readonly name: string;
  /** Bytes as UTF-8; what is not UTF-8 stands as U+FFFD, which no key has. */
  readonly content: string;
  /** The name to use in messages, when it is not `name`. */
  readonly shown?: string;
  /** Permission bits, when the folder is on a file system that has them. */
  readonly mode?: number;
  /** The owner's name, or the number when the machine has no such user. */
  readonly owner?: string;
}

/** By name. */
export type SiteFiles = ReadonlyMap<string, SiteFile>;

export function shownName(file: SiteFile): string {
  return file.shown ?? file.name;
}
