import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/**
 * Follows the JSON lines that a build, pull or import answers with. Rejects with the engine's own words when a
 * line is an error, and at once when the signal says so (the engine stops a build whose client has gone).
 */
export async function followBuild(
  stream: Readable,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const stop = () => stream.destroy();
  signal.addEventListener("abort", stop, { once: true });
  let failure: string | undefined;
  try {
    for await (const line of createInterface({ input: stream })) {
      if (!line.trim()) continue;
      const event = JSON.parse(line) as { stream?: string; status?: string; error?: string };
      if (event.error) failure = event.error;
      for (const output of (event.stream ?? "").split(/[\r\n]+/)) if (output.trim()) onLine(output.trimEnd());
    }
  } finally {
    signal.removeEventListener("abort", stop);
  }
  signal.throwIfAborted();
  if (failure !== undefined) throw new Error(failure);
}
