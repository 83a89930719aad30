import type { Channel } from "../engine/engine.ts";

const LINE_FEED = 10;

/** What one look showed. */
export interface Look {
  readonly code: number;
  /** Standard output and error together. */
  readonly output: string;
}

/**
 * Looks at one thing on a node again and again, without a new `docker exec` (60 ms) for every look.
 *
 * The other end is `/usr/lib/slurmlab/look`: each line sent runs the program once; the answer is `CODE BYTES`, a
 * line feed, and that many bytes. One look at a time.
 */
export class Lens implements AsyncDisposable {
  readonly #channel: Channel;
  readonly #chunks: AsyncIterator<Buffer>;
  #buffer = Buffer.alloc(0);

  constructor(channel: Channel) {
    this.#channel = channel;
    this.#chunks = channel.output[Symbol.asyncIterator]();
  }

  /** Rejects when the node has gone. */
  async look(): Promise<Look> {
    this.#channel.input.write("\n");
    while (!this.#buffer.includes(LINE_FEED)) await this.#more();
    const header = this.#take(this.#buffer.indexOf(LINE_FEED) + 1);
    const [code = 0, bytes = 0] = header.trim().split(" ").map(Number);
    while (this.#buffer.length < bytes) await this.#more();
    return { code, output: this.#take(bytes) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#channel.close();
  }

  #take(bytes: number): string {
    const taken = this.#buffer.subarray(0, bytes);
    this.#buffer = this.#buffer.subarray(bytes);
    return taken.toString("utf8");
  }

  async #more(): Promise<void> {
    const next = await this.#chunks.next();
    if (next.done) throw new Error("the node stopped answering");
    this.#buffer = Buffer.concat([this.#buffer, next.value]);
  }
}
