import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract, type Header, pack } from "tar-stream";
import { LabError } from "../../errors/lab-error.ts";

/** What a copy out of a node may bring to this machine. */
const KINDS: readonly string[] = ["file", "directory", "symlink", "link"];

/** Read, write and run: no setuid, which would be root's once root has unpacked it. */
const PERMISSIONS = 0o777;

/** A stream without what a node could harm this machine by, and what was left out of it, `dev/sda (block-device)`. */
export interface HarmlessTar {
  readonly tar: Readable;
  readonly leftOut: readonly string[];
  /** Settles when all of the stream has been read. */
  readonly done: Promise<void>;
}

/**
 * A node's files as they may be unpacked here: devices and pipes are left out, no file is setuid or has capabilities, and no name
 * leads out of the folder. Links stay as they are, and lead where they say.
 */
export function harmless(from: Readable): HarmlessTar {
  const to = pack();
  const entries = from.pipe(extract());
  const leftOut: string[] = [];
  const copy = async () => {
    try {
      for await (const entry of entries) {
        const { header } = entry;
        if (!KINDS.includes(header.type ?? "file")) {
          leftOut.push(`${header.name} (${header.type})`);
          entry.resume();
          continue;
        }
        await pipeline(
          entry,
          to.entry(asHarmless(header), () => {}),
        );
      }
      to.finalize();
    } catch (error) {
      to.destroy(error as Error);
      throw error;
    }
  };
  // pipe() tells nobody of an error.
  from.once("error", (error) => entries.destroy(error));
  return { tar: Readable.from(to), leftOut, done: copy() };
}

function asHarmless(header: Header) {
  const { name, size, type, linkname, mtime, mode = 0o644 } = header;
  for (const path of [name, type === "link" ? linkname : ""]) refuseOutside(path ?? "");
  return {
    name,
    size: size ?? 0,
    mode: mode & PERMISSIONS,
    ...(type ? { type } : {}),
    ...(linkname ? { linkname } : {}),
    ...(mtime ? { mtime } : {}),
  };
}

function refuseOutside(path: string): void {
  if (!path.startsWith("/") && !path.split("/").includes("..")) return;
  throw new LabError({
    kind: "broken",
    message: "the node's archive names a path out of the folder that it is copied to",
    expected: "names below that folder",
    seen: path,
    hint: "nothing of that entry was written; do not trust this node",
  });
}
