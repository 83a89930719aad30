import { type ChildProcess, fork } from "node:child_process";
import { createHash } from "node:crypto";
import { on } from "node:events";
import { readFileSync, watch } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { EXIT } from "../../errors/lab-error.ts";
import { SIGNALS } from "../interrupt.ts";
import { type Ahead, type Order, WATCHED } from "./watched.ts";

/**
 * `--watch`: runs the scenario, and again each time its file has changed, each time in a process of its own and on a cluster that
 * nobody has used: the next one gets ready while the file is written. Ctrl-C ends it; the exit code is that of the last run.
 */
export async function watchAndRun(file: string, note: (line: string) => void): Promise<number> {
  const stopped = new AbortController();
  let ahead: Ahead | undefined;
  const start = () => startRun(ahead, (next) => (ahead = next));
  let run = start();
  let running = false;
  const handlers = SIGNALS.map((name) => {
    const handler = () => {
      stopped.abort();
      // One that waits is told by the end of its channel. A terminal sends Ctrl-C to the child as well, which would take a second
      // one for "leave at once".
      if (running && (name !== "SIGINT" || !process.stdin.isTTY)) run.child.kill(name);
    };
    process.on(name, handler);
    return [name, handler] as const;
  });
  const runOnce = async () => {
    // Nobody has told it to end: the machine was short of memory, or it fell over its cluster.
    if (run.over()) {
      ahead = undefined;
      run = start();
    }
    running = true;
    send(run.child, "run");
    const code = await run.ended;
    running = false;
    // What could not be started is not started again unseen.
    if (code === EXIT.broken) ahead = undefined;
    if (!stopped.signal.aborted) run = start();
    return code;
  };
  try {
    const idle = (line: string) => note(ahead ? `a new cluster gets ready; ${line}` : line);
    return await runOnChange(file, runOnce, { note: idle, signal: stopped.signal });
  } finally {
    if (run.child.connected) run.child.disconnect();
    await run.ended;
    for (const [name, handler] of handlers) process.off(name, handler);
  }
}

interface WatchedChild {
  readonly child: ChildProcess;
  /** Resolves to the exit code. */
  readonly ended: Promise<number>;
  readonly over: () => boolean;
}

/** A process for one run, which waits to be told, and may start its cluster meanwhile. */
function startRun(ahead: Ahead | undefined, onAhead: (ahead: Ahead) => void): WatchedChild {
  const [, main = "", ...words] = process.argv;
  const child = fork(
    main,
    words.filter((word) => word !== "--watch"),
    {
      stdio: ["inherit", "inherit", "inherit", "ipc"],
      serialization: "advanced",
      env: { ...process.env, [WATCHED]: "yes" },
    },
  );
  child.on("message", (message) => onAhead(message as Ahead));
  let over = false;
  const ended = new Promise<number>((resolve) => {
    const end = (code: number) => {
      over = true;
      resolve(code);
    };
    // It could not be started; one that runs has an exit, too.
    child.on("error", () => child.pid === undefined && end(EXIT.broken));
    child.once("exit", (code, signal) => end(code ?? (signal ? EXIT.interrupted : EXIT.broken)));
  });
  send(child, { ahead });
  return { child, ended, over: () => over };
}

function send(child: ChildProcess, order: Order): void {
  if (child.connected) child.send(order, () => {});
}

/** Runs at once and after each change of the file's content; resolves to the last exit code when the signal is aborted. */
export async function runOnChange(
  file: string,
  runOnce: () => Promise<number>,
  { note, signal }: { readonly note: (line: string) => void; readonly signal: AbortSignal },
): Promise<number> {
  for (;;) {
    const before = await written(file);
    const code = await runOnce();
    if (signal.aborted) return code;
    note(`waiting for ${file} to change; Ctrl-C ends`);
    await changed(file, before, signal);
    if (signal.aborted) return code;
  }
}

/** How far apart two looks at a file that is being written are, in milliseconds. */
const APART_MS = 30;

/**
 * The file's content as a digest, once it stands still: an editor may empty a file before it fills it, and each of the two would be a
 * change.
 */
async function written(file: string): Promise<string | undefined> {
  for (let last = digest(file); ; ) {
    await pause(APART_MS);
    const now = digest(file);
    if (now === last) return now;
    last = now;
  }
}

/** Resolves when the file has another content than before, or when the signal is aborted. */
async function changed(file: string, before: string | undefined, signal: AbortSignal): Promise<void> {
  const isNew = () => {
    const now = digest(file);
    // Many editors put a new file in the old one's place, so that for a moment there is none.
    return now !== undefined && now !== before;
  };
  // The folder is watched, not the file, for the same reason; and from here on, as a change between a look and the first event would be
  // seen by neither. (What node:fs/promises gives begins to watch when it is first waited for.)
  const watcher = watch(dirname(file));
  try {
    if (isNew()) return;
    for await (const _ of on(watcher, "change", { signal })) if (isNew()) return;
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    watcher.close();
  }
}

function digest(file: string): string | undefined {
  try {
    return createHash("sha256").update(readFileSync(file)).digest("hex");
  } catch {
    return undefined;
  }
}
