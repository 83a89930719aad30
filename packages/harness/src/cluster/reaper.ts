import { spawn } from "node:child_process";
import { join } from "node:path";

/** Waits for a line on its standard input. When that ends without one, whoever held the other end has died. */
const WAIT = 'read -r _ || exec "$@"';

/**
 * Has what this process leaves behind removed, should it be killed: a shell waits beside it, in a session of its own, and becomes
 * `reap.ts` when the pipe between the two breaks. It costs nothing until then. Where there is no shell, the next command
 * that uses the engine removes it. Whoever has left something for want of an engine does not say that it is done.
 */
export function startReaper(): { done(): void } {
  const program = [process.execPath, join(import.meta.dirname, "reap.ts")];
  const shell = spawn("/bin/sh", ["-c", WAIT, "slurmlab-reaper", ...program], {
    cwd: "/",
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  // Neither the shell nor its absence may hold up this process, or end it.
  shell.on("error", () => {});
  shell.stdin.on("error", () => {});
  shell.unref();
  if ("unref" in shell.stdin && typeof shell.stdin.unref === "function") shell.stdin.unref();
  return { done: () => void shell.stdin.end("done\n") };
}
