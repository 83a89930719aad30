import protobuf from "protobufjs";

/**
 * What BuildKit tells of a build: the part of moby/buildkit's api/services/control/control.proto that is shown.
 * Docker's API hands it on as base64 in lines with the id `moby.buildkit.trace`.
 */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Vertex { string digest = 1; string name = 3; bool cached = 4; Time started = 5; string error = 7; }
  message VertexLog { string vertex = 1; bytes msg = 4; }
  message StatusResponse { repeated Vertex vertexes = 1; repeated VertexLog logs = 3; }
  message Time { int64 seconds = 1; int32 nanos = 2; }
`);
const StatusResponse = root.lookupType("StatusResponse");

interface Status {
  readonly vertexes?: ReadonlyArray<{
    readonly digest: string;
    readonly name: string;
    readonly cached: boolean;
    readonly started?: unknown;
    readonly error: string;
  }>;
  readonly logs?: ReadonlyArray<{ readonly vertex: string; readonly msg: Uint8Array }>;
}

/**
 * Turns a build's status messages into lines: each step's name when it starts, and what its programs print. Programs'
 * lines come in pieces, which are put together per step.
 */
export class BuildKitLines {
  readonly #started = new Set<string>();
  readonly #pieces = new Map<string, string>();

  /** The lines that one message (base64) completes. */
  read(aux: string): string[] {
    const status = StatusResponse.decode(Buffer.from(aux, "base64")) as unknown as Status;
    const steps = (status.vertexes ?? []).flatMap((vertex) => {
      if (!vertex.started || this.#started.has(vertex.digest)) return [];
      this.#started.add(vertex.digest);
      // Its own bookkeeping ([internal] load build definition) says nothing about the image.
      if (!vertex.name.startsWith("[") || vertex.name.startsWith("[internal]")) return [];
      return [`${vertex.cached ? "cached " : ""}${withoutMounts(vertex.name)}`];
    });
    return [...steps, ...(status.logs ?? []).flatMap((log) => this.#complete(log.vertex, log.msg))];
  }

  /** What a step printed last, without a line feed. */
  rest(): string[] {
    return [...this.#pieces.values()].filter((piece) => piece.trim() !== "");
  }

  #complete(vertex: string, bytes: Uint8Array): string[] {
    const text = (this.#pieces.get(vertex) ?? "") + Buffer.from(bytes).toString("utf8");
    const lines = text.split(/[\r\n]+/);
    this.#pieces.set(vertex, lines.pop() ?? "");
    return lines.filter((line) => line.trim() !== "").map((line) => line.trimEnd());
  }
}

/** `[slurmd 2/4] RUN /build/install slurmd` without the half screen of mounts that come between. */
function withoutMounts(name: string): string {
  return name.replaceAll(/--mount=\S+\s+/g, "").replaceAll(/\s+/g, " ");
}
