import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { LabError, messageOf } from "../../errors/lab-error.ts";
import { seconds } from "../../report/summary.ts";

/** A tarball as it came, not looked into. */
export interface Tarball {
  /** Its file name, without where it was. */
  readonly file: string;
  readonly bytes: Buffer;
}

/** Slurm's tarballs are 6 to 10 MB. */
const LARGEST_BYTES = 200e6;

/** Gets a tarball from a file, relative to where the command was typed, or from an http or https URL. */
export async function getTarball(source: string, signal: AbortSignal, stallMs = 20_000): Promise<Tarball> {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(source) ? await download(source, signal, stallMs) : read(source);
}

function read(source: string): Tarball {
  const path = resolve(process.env.INIT_CWD ?? ".", source);
  if (!existsSync(path)) throw bad(`${path} does not exist`, { expected: "the path or URL of a tarball" });
  const { size } = statSync(path);
  if (size > LARGEST_BYTES) throw tooLarge(path, size);
  try {
    return { file: basename(path), bytes: readFileSync(path) };
  } catch (error) {
    throw bad(`${path} cannot be read`, { seen: messageOf(error), expected: "a tarball" });
  }
}

/** Gives up when nothing has come for `stallMs`, however long the whole of it takes. */
async function download(source: string, signal: AbortSignal, stallMs: number): Promise<Tarball> {
  const url = URL.parse(source);
  if (!url || !/^https?:$/.test(url.protocol))
    throw bad(`${source} cannot be fetched`, { expected: "a file, or a URL of http or https" });
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(), stallMs);
  const start = performance.now();
  const waited = () => `waited ${seconds((performance.now() - start) / 1000)}`;
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    const answer = await fetch(url, { signal: AbortSignal.any([signal, stalled.signal]) });
    if (!answer.ok)
      throw bad(`${shown(url)} is not there`, {
        expected: "an answer with the file",
        seen: `${answer.status} ${answer.statusText}`.trim(),
      });
    for await (const chunk of answer.body ?? []) {
      timer.refresh();
      chunks.push(chunk);
      size += chunk.length;
      if (size > LARGEST_BYTES) throw tooLarge(shown(url), size);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof LabError) throw error;
    const why = stalled.signal.aborted
      ? `nothing came for ${seconds(stallMs / 1000)}, ${size} bytes before that`
      : `${messageOf((error as Error).cause ?? error)}`;
    throw bad(`${shown(url)} could not be fetched`, {
      expected: "a server that answers",
      seen: `${why} (${waited()})`,
      hint: "download it in another way, and give the file: --source FILE",
    });
  } finally {
    clearTimeout(timer);
  }
  return { file: basename(url.pathname), bytes: Buffer.concat(chunks) };
}

/** A URL without what may be secret in it. */
function shown(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

function tooLarge(where: string, size: number): LabError {
  return bad(`${where} is too large to be a Slurm tarball`, {
    expected: "about 10 MB",
    seen: `${Math.round(size / 1e6)} MB or more`,
  });
}

function bad(message: string, facts: { expected: string; seen?: string; hint?: string }): LabError {
  return new LabError({ kind: "bad-input", message, ...facts });
}
