/**
 * Tells which of many rows of values are the same, value by value: numbers and words are compared, objects are the same
 * only when they are one. A large cluster has thousands of nodes of a few kinds.
 */
export class Kinds {
  readonly #root: Branch = new Map();

  /** An object that stands for the row: the same one whenever the row is the same. */
  of(row: Iterable<unknown>): object {
    let at = this.#root;
    for (const value of row) {
      let next = at.get(value);
      if (!next) {
        next = new Map();
        at.set(value, next);
      }
      at = next;
    }
    return at;
  }
}

interface Branch extends Map<unknown, Branch> {}
