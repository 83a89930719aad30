import type { JournalEntry, RunEvent } from "./event.ts";

/** Everything that happened in a run, on one clock: milliseconds since its start. */
export class Journal {
  /** The wall clock when the run started, to place what others have written down. */
  readonly started = new Date();
  readonly #start = performance.now();
  readonly #entries: JournalEntry[] = [];

  /** Milliseconds since the run's start. */
  now(): number {
    return performance.now() - this.#start;
  }

  /** Puts an event down, now or at the moment that it happened. */
  add(event: RunEvent, at = this.now()): void {
    this.#entries.push({ ...event, at: Math.round(at) });
  }

  /** In the order of time; those of one moment in the order in which they were put down. */
  get entries(): readonly JournalEntry[] {
    return this.#entries.toSorted((a, b) => a.at - b.at);
  }
}
