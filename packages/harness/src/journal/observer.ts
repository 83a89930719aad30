import { setTimeout as pause } from "node:timers/promises";
import { controllersOf } from "@slurmlab/config-gen";
import { type Cluster, nodeNamed, nodeOf } from "../cluster/cluster.ts";
import type { Lens } from "../cluster/lens.ts";
import type { Journal } from "./journal.ts";
import { changes, known, NOTHING_SEEN, parseStates, STATES_COMMAND, type States } from "./states.ts";

/** Pause between two looks, in milliseconds: with a look of 30 to 60, between four and five looks a second. */
const PAUSE_MS = 175;

/** How long the last look may take. A controller that does not answer is not waited for at the end of a run. */
const LAST_LOOK_MS = 2_000;

/** What observing cost. */
export interface ObserverCost {
  readonly looks: number;
  /** From the question to the answer, all looks together. */
  readonly seconds: number;
}

/**
 * Puts every change of state of nodes and jobs into the journal, as slurmctld tells them, until it is stopped.
 *
 * One lens on a controller's node. When that node goes, the next controller is asked, and the login node after the
 * last; a controller that does not answer is itself an event. Nothing here ends a run.
 */
export class Observer {
  readonly #cluster: Cluster;
  readonly #journal: Journal;
  readonly #stopped = new AbortController();
  readonly #done: Promise<void>;
  #lens: Lens | undefined;
  #states: States = NOTHING_SEEN;
  #looks = 0;
  #ms = 0;
  #aheadMs: number | undefined;

  constructor(cluster: Cluster, journal: Journal) {
    this.#cluster = cluster;
    this.#journal = journal;
    this.#done = this.#observe();
  }

  get cost(): ObserverCost {
    return { looks: this.#looks, seconds: this.#ms / 1000 };
  }

  /** By how many milliseconds the nodes' clock is ahead of ours: an engine may be on another machine. */
  get aheadMs(): number {
    return this.#aheadMs ?? 0;
  }

  /** Looks a last time, so that the ends of the last jobs are seen. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    const late = setTimeout(() => void this.#lens?.[Symbol.asyncDispose](), LAST_LOOK_MS);
    await this.#done;
    clearTimeout(late);
  }

  async #observe(): Promise<void> {
    const nodes = this.#nodes();
    // Each node in turn, round and round: one that was killed may be started again.
    for (let turn = 0; !this.#stopped.signal.aborted; turn++) {
      const node = nodes[turn % nodes.length];
      if (!node) return;
      try {
        this.#lens = await nodeNamed(this.#cluster, node).lens(STATES_COMMAND);
        await this.#lookThrough(this.#lens);
      } catch {
        // The node is not there; its end is in the journal by way of its daemons.
      }
      await this.#lens?.[Symbol.asyncDispose]();
      await this.#pause();
    }
  }

  async #lookThrough(lens: Lens): Promise<void> {
    for (;;) {
      const last = this.#stopped.signal.aborted;
      await this.#look(lens);
      if (last) return;
      await this.#pause();
    }
  }

  async #look(lens: Lens): Promise<void> {
    const start = this.#journal.now();
    const states = parseStates(await lens.look());
    const end = this.#journal.now();
    this.#looks++;
    this.#ms += end - start;
    this.#aheadMs ??= aheadOf(states.clock, this.#journal.started.getTime(), [start, end]);
    for (const event of changes(this.#states, states, nodeOf(this.#cluster, "slurmctld").name))
      this.#journal.add(event, start);
    this.#states = known(this.#states, states);
  }

  async #pause(): Promise<void> {
    await pause(PAUSE_MS, undefined, { signal: this.#stopped.signal }).catch(() => {});
  }

  #nodes(): string[] {
    const { plan } = this.#cluster;
    return [...controllersOf(plan).map((node) => node.name), nodeOf(this.#cluster, "login").name];
  }
}

/** A clock that was read between question and answer cannot be told from ours any closer than that. */
function aheadOf(
  clock: number | undefined,
  started: number,
  [start, end]: readonly [start: number, end: number],
): number | undefined {
  if (clock === undefined) return undefined;
  const at = clock - started;
  if (at < start) return at - start;
  return at > end ? at - end : 0;
}
