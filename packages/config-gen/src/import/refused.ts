import type { Problem } from "../problem.ts";
import type { Setting } from "../read/conf-file.ts";
import type { Note } from "./note.ts";

/** Codes of problems that make the daemon refuse the line: what is kept of it would keep the cluster from starting. */
const REFUSED = [
  "unknown-key",
  "removed-key",
  "misplaced-key",
  "bad-value",
  "bad-word",
  "bad-time",
  "unknown-plugin",
  "removed-plugin",
  "changed-option",
];

/** Why a setting is left out, by its place. */
export type Refused = (setting: Setting) => string | undefined;

export function refusedBy(problems: readonly Problem[]): Refused {
  const places = new Map(
    problems
      .filter((problem) => problem.severity === "error" && REFUSED.includes(problem.code ?? ""))
      .map((problem) => [JSON.stringify(problem.place), problem.message]),
  );
  return ({ place, valuePlace }) =>
    places.get(JSON.stringify(place)) ?? places.get(JSON.stringify(valuePlace));
}

/** What every part of shrinking looks at and adds to. */
export interface Context {
  readonly refused: Refused;
  readonly notes: Note[];
}
