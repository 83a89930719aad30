import { Readable } from "node:stream";
import { type Extract, extract, type Header, type Pack, pack } from "tar-stream";

type Entry = Extract extends AsyncIterable<infer E> ? E : never;

/** A folder's tar stream as engines give it: every name begins with the folder's own. */
export interface FolderTar {
  readonly tar: Readable;
  /** What the folder is called in the result: `/database`. */
  readonly as: string;
  /** Leaves a file out; its path is below the folder, without a slash before it. */
  readonly skip?: (path: string) => boolean;
}

/**
 * Folders and some files of our own as one tar stream, with owners, modes and times as they were. A stream all the way: a
 * database may be larger than memory. The result fails when one of the folders does.
 */
export function mergeTars(folders: readonly FolderTar[], files: Readonly<Record<string, string>>): Readable {
  const merged = pack();
  const all = async () => {
    for (const [path, content] of Object.entries(files)) merged.entry({ name: path.slice(1) }, content);
    for (const folder of folders) await add(merged, folder);
    merged.finalize();
  };
  all().catch((error) => merged.destroy(error));
  return Readable.from(merged);
}

async function add(merged: Pack, { tar, as, skip }: FolderTar): Promise<void> {
  const entries = extract();
  tar.once("error", (error) => entries.destroy(error));
  tar.pipe(entries);
  for await (const entry of entries) {
    const inside = below(entry.header.name);
    if (inside !== "" && skip?.(inside)) entry.resume();
    else await copy(entry, merged, renamed(entry.header, as));
  }
}

function copy(entry: Entry, merged: Pack, header: Header): Promise<void> {
  return new Promise((resolve, reject) => {
    const to = merged.entry(header, (error) => (error ? reject(error) : resolve()));
    // What is no file has no content, and what it is written to wants none.
    if (header.type === "file") entry.pipe(to);
    else entry.resume();
  });
}

/** `mysql/ibdata1` is `ibdata1`, and the folder itself nothing. */
function below(name: string): string {
  const path = name.replace(/^\.?\//, "");
  const slash = path.indexOf("/");
  return slash === -1 ? "" : path.slice(slash + 1);
}

/** Without extended headers: those have the old name, too, and it would win. */
function renamed(header: Header, as: string): Header {
  const { pax: _, ...rest } = header as Header & { pax?: unknown };
  const to = (name: string) => `${as.slice(1)}/${below(name)}`;
  // The target of a hard link is a name in the archive; of a symbolic one it is a path.
  const link = header.type === "link" && header.linkname ? { linkname: to(header.linkname) } : {};
  return { ...rest, ...link, name: to(header.name) };
}
