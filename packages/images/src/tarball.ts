import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { extract } from "tar-stream";

/** What a Slurm release's tarball says of itself. */
export interface SlurmTarball {
  /** `22.05.8`, out of its META: what its daemons will say. */
  readonly version: string;
}

/** A file that no Slurm can be built from: what was expected, and what it is instead. */
export class NoSlurmSource extends Error {
  override name = "NoSlurmSource";
  readonly expected: string;
  readonly seen: string;

  constructor(expected: string, seen: string) {
    super(`expected ${expected}, seen ${seen}`);
    this.expected = expected;
    this.seen = seen;
  }
}

/** Unpacked, a Slurm is 60 MB; what is larger than this many bytes is none. */
const UNPACKED_LIMIT = 1024 ** 3;

/** How a packed file begins, and what unpacks it. bzip2 and xz are programs: Node has neither. */
const PACKED = [
  { name: "gzip", begins: Buffer.from([0x1f, 0x8b]) },
  { name: "bzip2", begins: Buffer.from("BZh") },
  { name: "xz", begins: Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]) },
] as const;

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Looks into a tarball: rejects with {@link NoSlurmSource} when it is none, or none of Slurm. */
export async function readTarball(bytes: Buffer): Promise<SlurmTarball> {
  const packed = PACKED.find(({ begins }) => bytes.subarray(0, begins.length).equals(begins));
  if (!packed) throw new NoSlurmSource("a .tar.bz2, .tar.gz or .tar.xz", begins(bytes));
  const { meta, configure, top } = await lookInto(await unpack(packed.name, bytes), packed.name);
  const version = versionIn(meta ?? "");
  if (version === undefined || !configure)
    throw new NoSlurmSource(
      "Slurm's META and configure in its only folder",
      `${[...top].slice(0, 5).join(", ") || "no folder"}${meta === undefined ? ", without META" : ""}${configure ? "" : ", without configure"}${meta !== undefined && version === undefined ? `, META of ${/^\s*Name:\s*(\S+)/m.exec(meta)?.[1] ?? "nothing that has a name"}` : ""}`,
    );
  return { version };
}

/** The version in a META of Slurm; undefined in one of something else. */
export function versionIn(meta: string): string | undefined {
  const value = (key: string) => new RegExp(`^\\s*${key}:\\s*(\\S+)\\s*$`, "m").exec(meta)?.[1];
  return value("Name") === "slurm" ? value("Version") : undefined;
}

async function unpack(packer: (typeof PACKED)[number]["name"], bytes: Buffer): Promise<Buffer> {
  try {
    if (packer === "gzip") return gunzipSync(bytes, { maxOutputLength: UNPACKED_LIMIT });
    const { execa } = await import("execa");
    const { stdout } = await execa(packer, ["--decompress", "--stdout"], {
      input: bytes,
      encoding: "buffer",
      maxBuffer: UNPACKED_LIMIT,
    });
    return Buffer.from(stdout);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new NoSlurmSource(`the program ${packer}, to unpack it with`, "that it is not installed");
    throw new NoSlurmSource(
      `a whole ${packer} file`,
      `${bytes.length} bytes that cannot be unpacked to the end`,
    );
  }
}

interface Found {
  meta: string | undefined;
  configure: boolean;
  readonly top: Set<string>;
}

async function lookInto(tar: Buffer, packer: string): Promise<Found> {
  const found: Found = { meta: undefined, configure: false, top: new Set() };
  const entries = extract();
  entries.end(tar);
  try {
    for await (const entry of entries) {
      const [folder = "", name, ...below] = entry.header.name.replace(/^\.\//, "").split("/");
      found.top.add(folder);
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk as Buffer);
      if (below.length > 0) continue;
      if (name === "META") found.meta = Buffer.concat(chunks).toString("utf8");
      if (name === "configure") found.configure = true;
      if (found.meta !== undefined && found.configure) break;
    }
  } catch {
    throw new NoSlurmSource("a tar archive", `${packer} of something else`);
  }
  return found;
}

/** A file's first bytes, for a person: an error page of a server is told by them. */
function begins(bytes: Buffer): string {
  if (bytes.length === 0) return "an empty file";
  const start = bytes.subarray(0, 40);
  const isText = start.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
  return isText
    ? `text that begins with ${JSON.stringify(start.toString("utf8"))}`
    : `${bytes.length} bytes that begin with ${start.subarray(0, 6).toString("hex")}`;
}
