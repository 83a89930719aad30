/** One end of a daemon, as the supervisor of its node wrote it down. */
export interface DaemonEnd {
  readonly node: string;
  readonly daemon: string;
  /** `2026-01-01T00:00:00.000Z slurmd ended: killed by signal 9`. */
  readonly line: string;
}

/** Ends that steps have brought about on purpose: so many of that daemon on that node, and no more. */
export class ForeseenEnds {
  readonly #foreseen = new Map<string, number>();

  /** A step is about to end this daemon, or to do what may end it. */
  foresee(node: string, daemon: string, times = 1): void {
    const key = `${node} ${daemon}`;
    this.#foreseen.set(key, (this.#foreseen.get(key) ?? 0) + times);
  }

  /** Those that nobody foresaw: of each daemon, the latest beyond the number foreseen. */
  unforeseen(ends: readonly DaemonEnd[]): DaemonEnd[] {
    const left = new Map(this.#foreseen);
    return ends.filter(({ node, daemon }) => {
      const key = `${node} ${daemon}`;
      const allowed = left.get(key) ?? 0;
      left.set(key, allowed - 1);
      return allowed <= 0;
    });
  }
}

/** Reads the ends in a node's supervisor.log, which has starts of munged, too. */
export function parseEnds(node: string, log: string): DaemonEnd[] {
  return log.split("\n").flatMap((line) => {
    const daemon = /^(?:\S+Z )?(\S+) ended: /.exec(line)?.[1];
    return daemon === undefined ? [] : [{ node, daemon, line }];
  });
}
