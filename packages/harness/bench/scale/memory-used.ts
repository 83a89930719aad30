import { readFileSync } from "node:fs";

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

/** MemAvailable of this machine, in MB. The engine is taken to be on it. */
function available(): number {
  const [, kib] = /^MemAvailable:\s*(\d+) kB/m.exec(readFileSync("/proc/meminfo", "utf8")) ?? [];
  return (Number(kib) * 1024) / 1e6;
}
