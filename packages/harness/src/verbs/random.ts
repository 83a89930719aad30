/** A random source that gives the same numbers for the same seed. Not for secrets. */
export interface Random {
  readonly seed: number;
  /** From 0 up to, and without, 1. */
  next(): number;
  /** A whole number between these two, which both may come. */
  integer(from: number, to: number): number;
  /** One of these; throws a RangeError when there is none. */
  pick<T>(choices: readonly T[]): T;
}

/** Seeds are whole numbers below this, so that they are short to type. */
export const SEEDS = 2 ** 32;

/** Mulberry32: 32 bits of state, good enough to choose nodes and times by. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / SEEDS;
  };
  return {
    seed,
    next,
    integer: (from, to) => from + Math.floor(next() * (to - from + 1)),
    pick(choices) {
      if (choices.length === 0) throw new RangeError("there is nothing to pick from");
      return choices[Math.floor(next() * choices.length)] as (typeof choices)[number];
    },
  };
}
