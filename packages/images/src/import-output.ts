import { once } from "node:events";
import type { Readable } from "node:stream";
import type { ImageEngine } from "./engine.ts";

/** The engine did not take what a program prints; `cause` says why. What the program says of its own end is a consequence. */
export class NotTaken extends Error {
  constructor(cause: unknown) {
    super("the engine did not take the image", { cause });
  }
}

/**
 * Imports what a program prints while it prints it. When the engine stops taking it, the program's output is closed, so
 * that it ends as well instead of waiting for a reader for ever, and {@link NotTaken} is thrown.
 */
export async function importOutput(
  engine: Pick<ImageEngine, "importImage">,
  output: Readable,
  tag: string,
  signal: AbortSignal,
): Promise<void> {
  // Not before there is something to send: dockerd closes a connection on which nothing has come for five minutes, and
  // a bootstrap on a busy machine has taken longer than that to its first byte.
  await once(output, "readable", { signal });
  try {
    await engine.importImage(output, tag, signal);
  } catch (error) {
    if (output.readableEnded) throw error;
    output.destroy();
    throw new NotTaken(error);
  }
}
