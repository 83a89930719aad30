/** One number of a run that is worth keeping. */
export interface Measurement {
  readonly what: string;
  readonly value: number;
  /** `s`, `MB`, `jobs`; empty for a plain number. */
  readonly unit: string;
}

/** What a run's steps have measured. Nothing here is judged: a number says how long, not whether that is too long. */
export class Measures {
  readonly all: Measurement[] = [];
  #disturbed: number | undefined;

  /** A step is about to disturb: the clock of `sinceDisturbance` starts again. */
  disturb(): void {
    this.#disturbed = performance.now();
  }

  /** Seconds since the latest step that disturbs began; undefined when none has. */
  get sinceDisturbance(): number | undefined {
    return this.#disturbed === undefined ? undefined : (performance.now() - this.#disturbed) / 1000;
  }
}
