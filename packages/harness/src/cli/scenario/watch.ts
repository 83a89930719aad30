import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { watch } from "node:fs/promises";
import { dirname } from "node:path";
import { execa } from "execa";
import { EXIT } from "../../errors/lab-error.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * `--watch`: runs the scenario, and again each time its file has changed, on a fresh cluster in a process of its own, so that
 * TypeScript is loaded anew. Ctrl-C ends it; the exit code is that of the last run.
 */
export async function watchAndRun(file: string, note: (line: string) => void): Promise<number> {
  const stopped = new AbortController();
  const words = process.argv.slice(1).filter((word) => word !== "--watch");
  let child: ReturnType<typeof start> | undefined;
  const start = () => execa(process.execPath, words, { stdio: "inherit", reject: false });
  const handlers = SIGNALS.map((name) => {
    const handler = () => {
      stopped.abort();
      // A terminal sends Ctrl-C to the child as well, which would take a second one for "leave at once".
      if (name !== "SIGINT" || !process.stdin.isTTY) child?.kill(name);
    };
    process.on(name, handler);
    return [name, handler] as const;
  });
  const runOnce = async () => {
    child = start();
    const { exitCode = EXIT.broken } = await child;
    return exitCode;
  };
  try {
    return await runOnChange(file, runOnce, { note, signal: stopped.signal });
  } finally {
    for (const [name, handler] of handlers) process.off(name, handler);
  }
}

/** Runs at once and after each change of the file's content; resolves to the last exit code when the signal is aborted. */
export async function runOnChange(
  file: string,
  runOnce: () => Promise<number>,
  { note, signal }: { readonly note: (line: string) => void; readonly signal: AbortSignal },
): Promise<number> {
  for (;;) {
    const before = digest(file);
    const code = await runOnce();
    if (signal.aborted) return code;
    note(`waiting for ${file} to change; Ctrl-C ends`);
    await changed(file, before, signal);
    if (signal.aborted) return code;
  }
}

/** Resolves when the file has another content than before, or when the signal is aborted. */
async function changed(file: string, before: string | undefined, signal: AbortSignal): Promise<void> {
  const isNew = () => {
    const now = digest(file);
    // Many editors put a new file in the old one's place, so that for a moment there is none.
    return now !== undefined && now !== before;
  };
  try {
    // The folder is watched, not the file, for the same reason.
    const events = watch(dirname(file), { signal });
    if (isNew()) return;
    for await (const _ of events) if (isNew()) return;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function digest(file: string): string | undefined {
  try {
    return createHash("sha256").update(readFileSync(file)).digest("hex");
  } catch {
    return undefined;
  }
}
