import { eachCall } from "../engine/each-call.ts";
import type { Engine } from "../engine/engine.ts";

/** Whom a run waits for: Slurm with its daemons and all programs in nodes, or the container engine. */
type Awaited = "slurm" | "engine";

/** Calls of the engine that last as long as a program in a node, most of which ask Slurm something. */
const PROGRAMS = new Set(["exec", "waitForExit"]);

/**
 * How long a run waited, and for whom. Every moment counts once: for Slurm if it is waited for, else for the engine if one of
 * its calls is under way, and else for nobody: then it is slurmlab that works.
 */
export class Waits {
  readonly #open = { slurm: 0, engine: 0 };
  readonly #ms = { slurm: 0, engine: 0 };
  #since = performance.now();

  /** Counts until the work is done. */
  async during<T>(work: Promise<T>, whom: Awaited = "slurm"): Promise<T> {
    this.#settle();
    this.#open[whom]++;
    try {
      return await work;
    } finally {
      this.#settle();
      this.#open[whom]--;
    }
  }

  /** The engine, with each of its calls counted. */
  counting(engine: Engine): Engine {
    return eachCall(engine, (name, call) => {
      const made = call();
      return made instanceof Promise ? this.during(made, PROGRAMS.has(name) ? "slurm" : "engine") : made;
    });
  }

  /** Seconds so far. */
  seconds(whom: Awaited): number {
    this.#settle();
    return this.#ms[whom] / 1000;
  }

  /** Gives the time since the last change to whom it was waited for. */
  #settle(): void {
    const now = performance.now();
    const whom = this.#open.slurm > 0 ? "slurm" : this.#open.engine > 0 ? "engine" : undefined;
    if (whom) this.#ms[whom] += now - this.#since;
    this.#since = now;
  }
}
