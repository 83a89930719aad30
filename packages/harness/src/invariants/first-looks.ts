import type { Cluster } from "../cluster/cluster.ts";
import type { Look } from "../cluster/lens.ts";
import { runTogether } from "../cluster/together.ts";
import { type Condition, nodeAsked, until } from "../conditions/condition.ts";

/** A program on a node, run as root. */
export type Ask = Pick<Condition<unknown>, "at" | "argv">;

/**
 * One look at everything that the invariants ask, with one `docker exec` a node: usually nothing has to be asked twice.
 */
export class FirstLooks {
  readonly #cluster: Cluster;
  readonly #signal: AbortSignal;
  readonly #looks = new Map<string, Promise<Look>>();
  /** False in a scenario in which not every job gets to accounting as it was: nothing waits for that then. */
  readonly accountingWillSettle: boolean;

  constructor(
    cluster: Cluster,
    asks: readonly Ask[],
    { signal, accountingWillSettle }: { signal: AbortSignal; accountingWillSettle: boolean },
  ) {
    this.#cluster = cluster;
    this.#signal = signal;
    this.accountingWillSettle = accountingWillSettle;
    for (const [node, argvs] of Map.groupBy(asks, (ask) => nodeAsked(cluster, ask))) {
      const programs = argvs.map(({ argv }) => argv);
      const together = runTogether(node, programs, signal);
      for (const [i, ask] of argvs.entries()) {
        const look = together.then((looks) => looks[i] ?? { code: -1, output: "" });
        // A node that does not answer is told of by the invariant that asks it.
        look.catch(() => {});
        this.#looks.set(keyOf(node.name, ask), look);
      }
    }
  }

  /** What the program answered; rejects when its node does not answer. */
  async look(ask: Ask): Promise<Look> {
    const node = nodeAsked(this.#cluster, ask);
    const seen = await this.#looks.get(keyOf(node.name, ask));
    if (seen === undefined) throw new Error(`${ask.argv.join(" ")} was not asked on ${node.name}`);
    return seen;
  }

  /** Judges the first look, and waits as {@link until} does when that is not enough. */
  async until<T>(condition: Condition<T>, withinMs: number): Promise<void> {
    const first = condition.judge(await this.look(condition));
    if (first.is !== "met") await until(this.#cluster, condition, { withinMs, signal: this.#signal });
  }
}

function keyOf(node: string, { argv }: Ask): string {
  return [node, ...argv].join("\0");
}
