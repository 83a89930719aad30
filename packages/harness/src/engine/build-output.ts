import type { Readable } from "node:stream";
import { BuildKitLines } from "./buildkit.ts";

interface Event {
  /** Of a builder that speaks plainly: Podman's, or Docker's before BuildKit. */
  readonly stream?: string;
  readonly error?: string;
  readonly id?: string;
  readonly aux?: unknown;
}

/**
 * Follows the JSON lines that a build, pull or import answers with. Rejects with the engine's own words when a
 * line is an error, and at once when the signal says so (the engine stops a build whose client has gone).
 */
export async function followBuild(
  stream: Readable,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const stop = () => stream.destroy(signal.reason as Error);
  signal.addEventListener("abort", stop, { once: true });
  const buildKit = new BuildKitLines();
  let failure: string | undefined;
  try {
    signal.throwIfAborted();
    for await (const line of linesOf(stream)) {
      const event = JSON.parse(line) as Event;
      if (event.error) failure = event.error;
      const traced = event.id === "moby.buildkit.trace" && typeof event.aux === "string";
      const outputs = traced ? buildKit.read(event.aux as string) : (event.stream ?? "").split(/[\r\n]+/);
      for (const output of outputs) if (output.trim()) onLine(output.trimEnd());
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
  for (const line of buildKit.rest()) onLine(line);
  if (failure !== undefined) throw new Error(failure);
}

/**
 * Lines that are not empty. Not readline's: its loop never ends when the stream under it is cut off, by us or by an
 * engine that goes away, and the process would then end as if nothing were left to do.
 */
async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of stream.setEncoding("utf8")) {
    const lines = (rest + (chunk as string)).split("\n");
    rest = lines.pop() ?? "";
    yield* lines.filter((line) => line.trim() !== "");
  }
  if (rest.trim() !== "") yield rest;
}
