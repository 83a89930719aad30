import type { Duplex, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type Docker from "dockerode";

/** Starts a container and gives its first program all of `input` to read, then the end of it. */
export async function startWithInput(container: Docker.Container, input: Readable): Promise<void> {
  // A duplex stream, whatever its type says.
  const stdin = (await container.attach({ hijack: true, stream: true, stdin: true })) as Duplex;
  const over = new AbortController();
  try {
    await container.start();
    // A program that ends without having read all of it would leave the stream waiting for a reader, for ever.
    const ended = container.wait({ abortSignal: over.signal });
    await Promise.race([pipeline(input, stdin, { signal: over.signal }), ended]);
  } finally {
    over.abort();
    stdin.destroy();
  }
}
