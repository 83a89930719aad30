import type { EnsureTool } from "./base.ts";

/** How a build talks back. */
export interface BuildEvents {
  /** One line of a build's output: `image` is `base`, `compile`, `mirror`, a role, or `mpi slurmd` for a variant's. */
  readonly onLine: (image: string, line: string) => void;
  readonly onDone: (image: string, tag: string, seconds: number) => void;
  readonly ensureTool: EnsureTool;
  readonly signal: AbortSignal;
}

/** A build that failed: which image, and the last lines that it printed. */
export class BuildError extends Error {
  override name = "BuildError";
  readonly image: string;
  readonly lastLines: readonly string[];

  constructor(image: string, lastLines: readonly string[], cause: Error) {
    super(`building the image ${image} failed: ${cause.message}`, { cause });
    this.image = image;
    this.lastLines = lastLines;
  }
}

/** Lines of a failed build that are kept for its error. */
const LAST_LINES = 30;

/** Runs one build, passes its lines on under its name, and keeps the last of them for its error. */
export async function step(
  image: string,
  tag: string,
  events: BuildEvents,
  run: (onLine: (line: string) => void) => Promise<void>,
): Promise<void> {
  const lines: string[] = [];
  const start = performance.now();
  try {
    await run((line) => {
      lines.push(line);
      if (lines.length > LAST_LINES) lines.shift();
      events.onLine(image, line);
    });
  } catch (error) {
    events.signal.throwIfAborted();
    throw new BuildError(image, lines, error as Error);
  }
  events.onDone(image, tag, (performance.now() - start) / 1000);
}
