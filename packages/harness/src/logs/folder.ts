import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { entriesBelow } from "../document/entries-below.ts";
import { daemonOfFile } from "./daemon-of.ts";
import type { LogFile } from "./merge.ts";
import { bySyslog } from "./syslog.ts";

/** The most that is read of one file: its end, in bytes. */
const MOST_BYTES = 32 * 2 ** 20;

/** What was found in a folder that somebody brought. */
export interface BroughtLogs {
  readonly files: readonly LogFile[];
  /** Files that are no log of a daemon that is known, below the folder. */
  readonly others: readonly string[];
  /** Times without a year are not after this: the newest change of a file, in milliseconds since 1970. */
  readonly notAfter: number;
}

/**
 * Reads the logs below a folder, however they lie there: by the names of files (`slurmctld.log`, `slurmd.c1.log`, `c1/slurmd.log`),
 * and where a name says nothing, by what syslog or journalctl has put before each line.
 */
export function readLogFolder(folder: string): BroughtLogs {
  const paths = entriesBelow(folder)
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const files: LogFile[] = [];
  const others: string[] = [];
  let notAfter = 0;
  for (const path of paths) {
    const found = logsIn(path, relative(folder, path));
    if (found.length === 0) others.push(relative(folder, path));
    else notAfter = Math.max(notAfter, statSync(path).mtimeMs);
    files.push(...found);
  }
  return { files, others, notAfter };
}

function logsIn(path: string, place: string): LogFile[] {
  // A packed or binary file has bytes that no log has.
  if (/\.(?:gz|xz|zst|bz2|json|html|conf|txt)$/.test(path) || bytesOf(path, 0, 4096).includes(0)) return [];
  const text = bytesOf(path, Math.max(0, statSync(path).size - MOST_BYTES), MOST_BYTES).toString("utf8");
  const name = basename(path);
  const daemon = daemonOfFile(name);
  if (daemon === undefined) return bySyslog(text, name);
  return [{ node: nodeOf(place, daemon), daemon, name, text }];
}

/** So many bytes of a file from a place on, fewer at its end: a log may be larger than any memory. */
function bytesOf(path: string, from: number, most: number): Buffer {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(Math.min(most, Math.max(0, fstatSync(file).size - from)));
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, from));
  } finally {
    closeSync(file);
  }
}

/** Folders that are called after no node. */
const GENERIC = /^(?:\.|logs?|slurm|slurm-llnl|var|munge|mysql|mariadb|evidence)$/;

/** `slurmd.c1.log` and `slurmd-c1.log` name their node, and so does a folder: `c1/log/slurmd.log`. */
function nodeOf(place: string, daemon: string): string {
  const name = basename(place);
  const named = new RegExp(`^${daemon}[._-]([\\w-]+?)(?:\\.stderr)?\\.log`).exec(name)?.[1];
  if (named && named !== "stderr") return named;
  const folders = dirname(place).split("/").reverse();
  return folders.find((folder) => !GENERIC.test(folder)) ?? "?";
}
