import { nearest } from "../nearest.ts";
import type { Problem } from "../problem.ts";
import { expandHostlist, HostlistError } from "../slurm/hostlist.ts";

/** Collects what is wrong with a specification, so that one look shows it all. */
export class Problems {
  readonly list: Problem[] = [];

  add(path: string, message: string, hint?: string): void {
    this.list.push({ severity: "error", path, message, ...(hint ? { hint } : {}) });
  }

  /** A name that nothing has: the nearest right one is the hint, or all that there are. */
  unknown(path: string, message: string, word: string, known: Iterable<string>): void {
    const words = [...known];
    const near = nearest(word, words);
    const all = words.length > 0 ? `known: ${words.join(", ")}` : undefined;
    this.add(path, message, near === undefined ? all : `did you mean "${near}"?`);
  }

  /** Each name that stands twice, once each. `what` is in the plural: `two ${what} are called ...`. */
  duplicates(path: string, what: string, names: readonly string[]): void {
    const seen = new Set<string>();
    const repeated = new Set<string>();
    for (const name of names) (seen.has(name) ? repeated : seen).add(name);
    for (const name of repeated) this.add(path, `two ${what} are called "${name}"`);
  }

  /** The names of a hostlist; none, and a problem, when it cannot be expanded. */
  expand(path: string, expression: string): string[] {
    try {
      return expandHostlist(expression);
    } catch (error) {
      if (!(error instanceof HostlistError)) throw error;
      this.add(path, error.message);
      return [];
    }
  }
}

/** `names[i]` with its index, for checks that name the place. */
export function* numbered<T>(items: readonly T[], path: string): Generator<readonly [T, string]> {
  for (const [i, item] of items.entries()) yield [item, `${path}[${i}]`];
}
