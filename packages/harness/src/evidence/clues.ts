import type { MergedLine } from "../logs/line.ts";
import { KNOWN_SYMPTOMS } from "./symptoms/index.ts";

/** A known symptom that a log shows: what it means, and where it stands. */
export interface Clue {
  readonly id: string;
  readonly cause: string;
  readonly check: string;
  readonly do: string;
  readonly node: string;
  readonly daemon: string;
  /** The first line that shows it. */
  readonly line: string;
  /** How many lines do. */
  readonly lines: number;
}

/** Longest line that is quoted, in characters. */
const QUOTED = 300;

/** What the lines show of {@link KNOWN_SYMPTOMS}, each once, in the order in which they were first seen. */
export function findClues(lines: readonly MergedLine[]): Clue[] {
  const clues = new Map<string, Clue>();
  for (const { node, daemon, text } of lines) {
    const known = KNOWN_SYMPTOMS.find(({ says, daemons }) => says.test(text) && daemons.includes(daemon));
    if (!known) continue;
    const { id, cause, check, do: what } = known;
    const before = clues.get(id);
    const first = { id, cause, check, do: what, node, daemon, line: text.slice(0, QUOTED), lines: 0 };
    clues.set(id, { ...(before ?? first), lines: (before?.lines ?? 0) + 1 });
  }
  return [...clues.values()];
}
