import type { Duplex, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type Docker from "dockerode";

/** Starts a container and gives its first program all of `input` to read, then the end of it. */
export async function startWithInput(container: Docker.Container, input: Readable): Promise<void> {
  const stdin = await attachInput(container);
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

/**
 * The connection that becomes the first program's standard input. dockerode's own `attach` sends a body, which Docker reads and
 * Podman (4.3) hands on to the program.
 */
function attachInput({ id, modem }: Docker.Container): Promise<Duplex> {
  const request = {
    path: `/containers/${id}/attach?`,
    method: "POST",
    options: { stream: true, stdin: true },
    file: Buffer.alloc(0),
    hijack: true,
    isStream: true,
    statusCodes: { 200: true, 404: "no such container", 500: "server error" },
  };
  return new Promise((resolve, reject) => {
    (modem as Docker["modem"]).dial(request, (error, stream) =>
      error ? reject(error) : resolve(stream as Duplex),
    );
  });
}
