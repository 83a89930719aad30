import {
  existsSync,
  lstatSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  type Stats,
  statSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Problem, SiteFile, SiteFiles } from "@slurmlab/config-gen";
import { entriesBelow } from "../../document/entries-below.ts";
import { LabError, messageOf } from "../../errors/lab-error.ts";

/** More than any configuration has: someone named `/` or a home folder. */
const MAX_FILES = 2_000;
/** Larger files are logs or databases. A configuration of 10,000 nodes is 2 MB. */
const MAX_BYTES = 32 * 1024 * 1024;

/** A configuration folder as it stands on this machine. */
export interface SiteFolder {
  readonly files: SiteFiles;
  /** Names of this machine's users, to judge owners by. */
  readonly users: ReadonlySet<string>;
  /** Files of a configuration that are there and were not read. */
  readonly problems: readonly Problem[];
}

/** What of this machine a folder may reach. */
export interface Reach {
  /** Links in it are followed wherever they lead. */
  readonly allowHostPath?: boolean;
}

/**
 * Reads a folder, or the folder of a slurm.conf. Keys are looked at from outside only: their content is never read; nor is what a
 * link out of the folder leads to, as the folder may be somebody else's and the file one that is not meant for them.
 */
export function readSiteFolder(wanted: string, { allowHostPath = false }: Reach = {}): SiteFolder {
  const folder = folderOf(wanted);
  const top = attempt(folder, () => realpathSync(folder));
  const passwd = users();
  const files = new Map<string, SiteFile>();
  const problems: Problem[] = [];
  const modes = !inCheckout(folder);
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    const stat = lstatSync(path);
    const reachable = allowHostPath || isBelow(top, path);
    const content = isSecretFile(name) ? "" : reachable ? contentOf(path, stat) : undefined;
    if (content === undefined) {
      if (!reachable) problems.push(outside(name, path));
      else if (name.endsWith(".conf")) problems.push(unread(name, path, stat));
      continue;
    }
    const owner = passwd.get(stat.uid) ?? String(stat.uid);
    const mode = modes || isSecretFile(name) ? { mode: stat.mode & 0o7777 } : {};
    files.set(name, { name, content, shown: path, owner, ...mode });
  }
  if (!files.has("slurm.conf")) refuseSlurmConf(join(folder, "slurm.conf"), problems);
  return { files, users: new Set(passwd.values()), problems };
}

/** Why something called slurm.conf is there and is no file; nothing when there is none. */
function refuseSlurmConf(path: string, problems: readonly Problem[]): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return;
  const problem = problems.find((each) => each.path === "slurm.conf");
  const { message = "slurm.conf is no regular file", hint } = problem ?? {};
  throw new LabError({ kind: "bad-input", message, where: path, ...(hint ? { hint } : {}) });
}

function unread(name: string, path: string, stat: Stats): Problem {
  const large = `${name} is larger than ${MAX_BYTES / 1024 / 1024} MiB, and was not read`;
  const message = stat.isSymbolicLink()
    ? `${name} is a link to ${readlinkSync(path)}, where no file is, so it was not read`
    : large;
  const hint = stat.isSymbolicLink() ? "copy what the link means: cp -L" : "is it a configuration file?";
  const place = { file: path, line: 1, column: 1 };
  return { severity: "warning", code: "unread-file", path: name, message, hint, place };
}

function outside(name: string, path: string): Problem {
  const message = `${name} leads out of the folder by a link, to ${realpathSync(path)}, and was not read`;
  const hint = "if it is yours: --allow-host-path, or copy what the link means (cp -L)";
  return {
    severity: "warning",
    code: "unread-file",
    path: name,
    message,
    hint,
    place: { file: path, line: 1, column: 1 },
  };
}

/** Whether a file is below the folder, all links on the way followed. A link that leads nowhere is told of as such. */
function isBelow(top: string, path: string): boolean {
  try {
    return realpathSync(path).startsWith(join(top, "/"));
  } catch {
    return true;
  }
}

/** Whether the folder is in a git checkout, which keeps no modes; /etc is where etckeeper keeps them. */
function inCheckout(folder: string): boolean {
  for (let path = resolve(folder); path !== dirname(path); path = dirname(path))
    if (path !== "/etc" && existsSync(join(path, ".git"))) return true;
  return false;
}

function folderOf(wanted: string): string {
  const stat = attempt(wanted, () => lstatOf(wanted));
  if (stat.isDirectory()) return wanted;
  if (stat.isSymbolicLink())
    throw new LabError({
      kind: "bad-input",
      message: `${wanted} is a link to ${readlinkSync(wanted)}, where no folder is`,
      hint: "name the folder itself",
    });
  if (/(^|\/)slurm\.conf$/.test(wanted)) return wanted.slice(0, -"slurm.conf".length) || ".";
  throw new LabError({
    kind: "bad-input",
    message: `${wanted} is not a folder`,
    expected: "a folder with a slurm.conf in it, such as a copy of /etc/slurm",
    hint: "name the folder, not one of its files",
  });
}

/** Through a link, and of the link itself where it leads nowhere. */
function lstatOf(path: string): Stats {
  const stat = lstatSync(path);
  return (stat.isSymbolicLink() && isThere(path) && statSync(path)) || stat;
}

/** False for a link that leads nowhere or to itself. */
function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ELOOP") return false;
    throw error;
  }
}

/** Every file below, relative, sorted. Links to files count, links to folders are not followed: they may be circles. */
function namesIn(folder: string): string[] {
  const entries = attempt(folder, () => entriesBelow(folder));
  const names = entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, "/").length))
    .filter((name) => !/(^|\/)\.git\//.test(name));
  if (names.length <= MAX_FILES) return names.sort();
  throw new LabError({
    kind: "bad-input",
    message: `${folder} has ${names.length} files`,
    expected: `a configuration folder, with at most ${MAX_FILES}`,
    hint: "name the folder that slurm.conf is in",
  });
}

/** Undefined for what is no file of a configuration: too large, or a link to a folder. */
function contentOf(path: string, stat: Stats): string | undefined {
  if (stat.size > MAX_BYTES) return undefined;
  if (stat.isSymbolicLink() && !isFile(path)) return undefined;
  const bytes = attempt(path, () => readFileSync(path));
  // A byte order mark is kept: Slurm takes it for text, and lint says so.
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/** A pipe or a device would be read for ever. */
function isFile(path: string): boolean {
  try {
    const stat = statSync(path);
    return stat.isFile() && stat.size <= MAX_BYTES;
  } catch {
    return false;
  }
}

function isSecretFile(name: string): boolean {
  return /(\.key|\.jwks|\.pem|_key)$/i.test(name);
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new LabError({
      kind: "bad-input",
      message: code === "ENOENT" ? `there is no ${path}` : `${path} cannot be read`,
      seen: messageOf(error),
      expected: "a folder with a slurm.conf in it, such as a copy of /etc/slurm",
      ...(code === "EACCES" ? { hint: "read it as a user who may, or copy it" } : {}),
      cause: error,
    });
  }
}

function users(): Map<number, string> {
  try {
    const lines = readFileSync("/etc/passwd", "utf8")
      .split("\n")
      .map((line) => line.split(":"));
    return new Map(lines.filter(([name]) => name).map(([name = "", , uid]) => [Number(uid), name]));
  } catch {
    // A machine without /etc/passwd has no names to show; numbers do.
    return new Map();
  }
}
