import { availableMemoryMb } from "../../src/cluster/room.ts";

/** Memory that the machine has in use beyond what it had at the start, in MB. Looked at twice a second. */
export class MemoryUsed {
  readonly #before = available();
  #least = this.#before;
  readonly #timer = setInterval(() => this.now(), 500);

  now(): number {
    const left = available();
    this.#least = Math.min(this.#least, left);
    return this.#before - left;
  }

  peak(): number {
    this.now();
    return this.#before - this.#least;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** The engine is taken to be on this machine. */
const available = (): number => availableMemoryMb() ?? Number.NaN;
