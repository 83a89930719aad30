import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { pipeline } from "node:stream/promises";
import type { Channel, Engine, ExecOptions } from "../engine/engine.ts";
import { LabError } from "../errors/lab-error.ts";

/** A program in a container that answers a connection by its input and output, and where connections are wanted. */
export interface Forwarded {
  readonly container: string;
  /** Run once a connection. */
  readonly argv: readonly string[];
  readonly as?: Pick<ExecOptions, "user" | "workdir" | "env">;
  /** On this machine's loopback address; 0 for any that is free. */
  readonly localPort: number;
}

/**
 * In the node: its own loopback address first, as Jupyter listens there alone, then the address of its name. It ends when
 * either side does, and takes its other half along: `docker exec` gives it a process group of its own.
 */
const CONNECT = `
{ exec 3<> "/dev/tcp/localhost/$1"; } 2> /dev/null || { exec 3<> "/dev/tcp/$(hostname)/$1"; } 2> /dev/null || exit 1`;
const RELAY = `
exec 4<&0${CONNECT}
{ cat <&4 >&3; kill 0; } &
cat <&3
kill 0`;

/** The program that carries a connection to a port of the node which it runs on. */
export function relayTo(port: number): string[] {
  return ["bash", "-c", RELAY, "relay", String(port)];
}

/** Whether somebody listens on a port of a node now. */
export async function listensAt(
  engine: Pick<Engine, "exec">,
  container: string,
  port: number,
): Promise<boolean> {
  const { code } = await engine.exec(container, ["bash", "-c", CONNECT, "connect", String(port)]);
  return code === 0;
}

/** Connections to a port of this machine's loopback address, each carried to a program in a node. */
export class Forward implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(engine: Engine, to: Forwarded, onError: (error: unknown) => void) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
      carry(engine, socket, to).catch(onError);
    });
  }

  /** Listens, on 127.0.0.1 and nowhere else. `onError` is told of a connection that broke. */
  static async open(engine: Engine, wanted: Forwarded, onError: (error: unknown) => void): Promise<Forward> {
    const forward = new Forward(engine, wanted, onError);
    await forward.#listen(wanted.localPort);
    return forward;
  }

  get localPort(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    await promise;
  }

  async #listen(port: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once("error", (error: NodeJS.ErrnoException) => reject(notFree(port, error)));
    this.#server.listen(port, "127.0.0.1", resolve);
    await promise;
  }
}

async function carry(engine: Engine, socket: Socket, { container, argv, as }: Forwarded): Promise<void> {
  // Before anything is awaited: a client that is gone by then is an error that somebody has to hear.
  socket.on("error", () => socket.destroy());
  let channel: Channel | undefined;
  try {
    channel = await engine.open(container, argv, as);
    // The first that ends, ends both: neither HTTP nor SSH nor Slurm shuts one direction alone.
    await Promise.race([pipeline(socket, channel.input), pipeline(channel.output, socket)]);
  } catch (error) {
    if (!isClosing(error)) throw error;
  } finally {
    socket.destroy();
    channel?.close();
  }
}

/** The last: it had closed before there was anything to connect it with. */
const CLOSING = ["ERR_STREAM_PREMATURE_CLOSE", "EPIPE", "ECONNRESET", "ERR_STREAM_UNABLE_TO_PIPE"];

/** What a stream says that the other side has closed in the middle of something. */
function isClosing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return CLOSING.includes(code ?? "");
}

function notFree(port: number, error: NodeJS.ErrnoException): LabError {
  return new LabError({
    kind: "bad-input",
    message: `port ${port} of this machine cannot be listened on`,
    seen: error.message,
    hint: "another one, or none: then any that is free is taken",
  });
}
