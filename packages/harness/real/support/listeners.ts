import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** A port that something listens on. */
export interface Listener {
  /** `0100007F:0CEA`, as the kernel has it. */
  readonly address: string;
  readonly inode: string;
}

/** TCP sockets that listen, out of /proc/net/tcp or tcp6. */
export function listenersIn(table: string): Listener[] {
  return table
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[3] === "0A")
    .map((columns) => ({ address: columns[1] ?? "", inode: columns[9] ?? "" }));
}

/** Those of this machine's own network. */
export function hostListeners(): Listener[] {
  return ["tcp", "tcp6"].flatMap((name) => listenersIn(readFileSync(`/proc/net/${name}`, "utf8")));
}

/** The programs that have these sockets open, with their arguments. */
export function ownersOf(listeners: readonly Listener[]): string[] {
  const wanted = new Set(listeners.map(({ inode }) => `socket:[${inode}]`));
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => openFiles(pid).some((file) => wanted.has(file)))
    .map(
      (pid) =>
        `${pid} ${attempt(() => readFileSync(`/proc/${pid}/cmdline`, "utf8"), "")
          .replaceAll("\0", " ")
          .trim()}`,
    );
}

function openFiles(pid: string): string[] {
  const folder = `/proc/${pid}/fd`;
  return attempt(() => readdirSync(folder), []).map((fd) =>
    attempt(() => readlinkSync(join(folder, fd)), ""),
  );
}

/** A process may have ended meanwhile. */
function attempt<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
