/** How long Slurm and its daemons were waited for. Waits that overlap count once. */
export class Waits {
  #open = 0;
  #since = 0;
  #ms = 0;

  /** Counts until the work is done. */
  async during<T>(work: Promise<T>): Promise<T> {
    if (this.#open++ === 0) this.#since = performance.now();
    try {
      return await work;
    } finally {
      if (--this.#open === 0) this.#ms += performance.now() - this.#since;
    }
  }

  get seconds(): number {
    return this.#ms / 1000;
  }
}
