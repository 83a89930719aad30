/** File name and one-based line and column. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Something wrong in what a person wrote. Problems are collected, never thrown, so that one look shows them all.
 */
export interface Problem {
  readonly severity: "error" | "warning";
  /** Where in the document, in the document's own terms: `cluster.nodes[2].gpus.count`. */
  readonly path: string;
  /** What was expected and what was seen, as one sentence without a full stop. */
  readonly message: string;
  /** What to write instead, when that can be told. */
  readonly hint?: string;
  /** When the document came from a file. */
  readonly place?: Place;
  /** A short name of the kind, for programs: `unknown-key`. */
  readonly code?: string;
  /** What the Slurm daemon prints about it, as far as that is known. */
  readonly says?: string;
}

/** One line for a terminal: `gpu.yaml:4:12: cluster.nodes[0].cpus: expected ... (write ...)`. */
export function formatProblem(problem: Problem): string {
  const { place } = problem;
  const where = place ? `${place.file}:${place.line}:${place.column}: ` : "";
  const path = problem.path ? `${problem.path}: ` : "";
  const hint = problem.hint ? ` (${problem.hint})` : "";
  return `${where}${path}${problem.message}${hint}`;
}
