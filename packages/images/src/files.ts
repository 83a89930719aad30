import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { Readable } from "node:stream";
import { pack } from "tar-stream";

/** A file of a build context. */
export interface ContextFile {
  /** Relative to the context. */
  readonly path: string;
  readonly content: Buffer;
  readonly executable: boolean;
}

const PACKAGE_ROOT = join(import.meta.dirname, "..");

/** Every file below a folder of this package, sorted, so that a hash does not depend on the file system. */
export function readTree(folder: string, as: string): ContextFile[] {
  const root = join(PACKAGE_ROOT, folder);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({
      path: join(as, relative(root, path)),
      content: readFileSync(path),
      executable: (statSync(path).mode & 0o100) !== 0,
    }));
}

/** Twelve digits that stand for all of it: other inputs, other digits. */
export function hash(inputs: ReadonlyArray<string | Buffer>): string {
  const sum = createHash("sha256");
  // Lengths keep ["ab","c"] and ["a","bc"] apart.
  for (const input of inputs) sum.update(`${Buffer.byteLength(input)}:`).update(input);
  return sum.digest("hex").slice(0, 12);
}

export function hashFiles(files: readonly ContextFile[]): Array<string | Buffer> {
  return files.flatMap((file) => [file.path, String(file.executable), file.content]);
}

export function contextTar(files: readonly ContextFile[]): Readable {
  const tar = pack();
  for (const file of files) {
    // A fixed time: the engine's own layer cache then sees the same file as the same.
    tar.entry({ name: file.path, mode: file.executable ? 0o755 : 0o644, mtime: new Date(0) }, file.content);
  }
  tar.finalize();
  return Readable.from(tar);
}
