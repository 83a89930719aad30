import { setTimeout as pause } from "node:timers/promises";
import type { Cluster } from "../cluster/cluster.ts";
import type { Lens, Look } from "../cluster/lens.ts";
import { LabError } from "../errors/lab-error.ts";
import { type Condition, nodeAsked } from "./condition.ts";

/** Pause between two looks, in milliseconds: a watch goes on beside the steps and shares the machine with them. */
const EVERY_MS = 250;

/** What a watch that has ended can say for itself. */
interface Watched {
  /** Looks that were answered. */
  readonly looks: number;
  readonly seconds: number;
}

/** Looks for something that must not come true, beside the steps, until it is ended. */
export interface Watch {
  readonly kind: "watch";
  /** What must not be, as a sentence: `job 3 is RUNNING`. */
  readonly claim: string;
  /** Stops looking. Rejects when no look was ever answered: a watch that was blind shows nothing. */
  end(): Promise<Watched>;
}

/**
 * The watches of a run. `signal` ends every step that is under way when what must not be has been seen; its reason is
 * the error.
 */
export class Watches {
  readonly #seen = new AbortController();
  readonly #open = new Set<Watch>();

  get signal(): AbortSignal {
    return this.#seen.signal;
  }

  /** Those that no step has ended yet. */
  get open(): readonly Watch[] {
    return [...this.#open];
  }

  /** Takes a first look, and goes on looking beside whatever follows. Rejects when it is so already. */
  async start(
    cluster: Cluster,
    condition: Condition<unknown>,
    options: { readonly claim: string; readonly signal: AbortSignal },
  ): Promise<Watch> {
    const { claim, signal } = options;
    const begun = performance.now();
    const stopped = new AbortController();
    const going = AbortSignal.any([signal, stopped.signal]);
    const eye = new Eye(cluster, condition);
    let looks = 0;
    const look = async () => {
      const answer = await eye.look();
      if (!answer) return;
      // A program that fails has not seen anything: slurmctld may be down for a while.
      if (answer.code === 0) looks++;
      const sighting = condition.judge(answer);
      if (sighting.is === "met") throw cameTrue(claim, answer, begun);
    };
    const loop = async () => {
      try {
        for (;;) {
          await pause(EVERY_MS, undefined, { signal: going });
          await look();
        }
      } catch (error) {
        if (!going.aborted) this.#seen.abort(error);
      } finally {
        eye.close();
      }
    };
    await look();
    const looking = loop();
    const watch: Watch = {
      kind: "watch",
      claim,
      end: async () => {
        this.#open.delete(watch);
        stopped.abort();
        await looking;
        const seconds = (performance.now() - begun) / 1000;
        if (looks > 0) return { looks, seconds };
        throw new LabError({
          kind: "failed",
          message: `nobody could see whether ${claim}`,
          expected: "at least one look to be answered",
          seen: `none in ${seconds.toFixed(1)} s`,
        });
      },
    };
    this.#open.add(watch);
    return watch;
  }
}

/** A lens that is opened again when its node has gone and come back. */
class Eye {
  readonly #cluster: Cluster;
  readonly #condition: Condition<unknown>;
  #lens: Lens | undefined;

  constructor(cluster: Cluster, condition: Condition<unknown>) {
    this.#cluster = cluster;
    this.#condition = condition;
  }

  /** Undefined while the node does not answer. */
  async look(): Promise<Look | undefined> {
    const { argv, user } = this.#condition;
    try {
      this.#lens ??= await nodeAsked(this.#cluster, this.#condition).lens(argv, user ? { user } : {});
      return await this.#lens.look();
    } catch {
      this.close();
      return undefined;
    }
  }

  close(): void {
    void this.#lens?.[Symbol.asyncDispose]();
    this.#lens = undefined;
  }
}

function cameTrue(claim: string, { output }: Look, begun: number): LabError {
  const spent = `${((performance.now() - begun) / 1000).toFixed(1)} s`;
  return new LabError({
    kind: "failed",
    message: `what must never be has come true after ${spent}: ${claim}`,
    expected: `never that ${claim}`,
    seen: output.trim().slice(0, 500),
  });
}
