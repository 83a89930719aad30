import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type Docker from "dockerode";

/**
 * Lets containers onto a network and off it one after the other; all else of their starts and ends goes on side by side.
 *
 * Docker before 28 counts the endpoints of each network, and miscounts when several containers come or go at the same moment (moby
 * issue 42119; the count is gone with pull request 49736). A network that has one too many cannot be removed until the engine is
 * started again: seen with 20.10 for one cluster in a hundred. To come onto the network is the first twentieth of a start, so turns
 * cost next to nothing.
 */
export class NetworkTurns {
  readonly #docker: Docker;
  /** By network: when the last container that has asked is on it or off it, or has failed. */
  readonly #last = new Map<string, Promise<void>>();
  /** Followed as long as something starts. */
  #connections: Promise<Connections> | undefined;
  #starting = 0;

  constructor(docker: Docker) {
    this.#docker = docker;
  }

  /** Whether this engine needs it. */
  static needed(product: string): boolean {
    const major = /^Docker (\d+)\./.exec(product)?.[1];
    return major !== undefined && Number(major) < 28;
  }

  /** Starts a container when it is its turn; resolves and rejects as `start` does. */
  async start(container: string, network: string, start: () => Promise<void>): Promise<void> {
    this.#starting++;
    try {
      await this.#inTurn(network, async (over) => {
        this.#connections ??= Connections.follow(this.#docker);
        const connections = await this.#connections;
        const begun = start();
        // An engine that tells of no connection still tells of the start's end.
        void Promise.race([connections.of(container), begun.catch(() => {})]).then(over);
        await begun;
      });
    } finally {
      if (--this.#starting === 0) this.#stop();
    }
  }

  /** Does something that puts a container onto a network or takes it off, and no more than that, when it is its turn. */
  change(network: string, change: () => Promise<void>): Promise<void> {
    return this.#inTurn(network, change);
  }

  /** The turn ends when `work` says that it is over, or has ended. */
  async #inTurn(network: string, work: (over: () => void) => Promise<void>): Promise<void> {
    const before = this.#last.get(network);
    const mine = Promise.withResolvers<void>();
    this.#last.set(network, mine.promise);
    try {
      await before;
      await work(mine.resolve);
    } finally {
      mine.resolve();
      if (this.#last.get(network) === mine.promise) this.#last.delete(network);
    }
  }

  #stop(): void {
    // One that could not be had has been told of by the starts.
    this.#connections?.then((connections) => connections.close()).catch(() => {});
    this.#connections = undefined;
  }
}

interface ConnectEvent {
  readonly Actor?: { readonly Attributes?: { readonly container?: string } };
}

/** The engine's own word of containers that come onto networks. */
class Connections {
  readonly #stream: Readable;
  readonly #seen = new Map<string, PromiseWithResolvers<void>>();

  private constructor(stream: Readable) {
    this.#stream = stream;
    // It ends with the engine, whose end the start itself will tell of.
    stream.on("error", () => {});
    const lines = createInterface({ input: stream });
    // A readline hands on what its input says, and nobody else listens.
    lines.on("error", () => {});
    lines.on("line", (line) => {
      const event: ConnectEvent = JSON.parse(line);
      const container = event.Actor?.Attributes?.container;
      if (container) this.#entry(container).resolve();
    });
  }

  static async follow(docker: Docker): Promise<Connections> {
    const stream = await docker.getEvents({
      // What happens between the answer and the engine's listening would be lost.
      since: Math.floor(Date.now() / 1000) - 1,
      filters: { type: ["network"], event: ["connect"] },
    });
    return new Connections(stream as Readable);
  }

  /** Resolves when the container is on a network; never for one that does not come. */
  of(container: string): Promise<void> {
    return this.#entry(container).promise;
  }

  close(): void {
    this.#stream.destroy();
  }

  #entry(container: string): PromiseWithResolvers<void> {
    const found = this.#seen.get(container) ?? Promise.withResolvers<void>();
    this.#seen.set(container, found);
    return found;
  }
}
