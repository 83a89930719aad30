import type { MergedLog } from "../logs/merge.ts";
import type { RunResult } from "./result.ts";

/** A generated file as it stood in the cluster, secrets hidden; the nodes that have the very same are listed. */
export interface ShownFile {
  readonly path: string;
  readonly text: string;
  readonly nodes: readonly string[];
}

/** A run with all that it left: the result goes to report.json, all of it into the page. */
export interface RunRecord {
  readonly result: RunResult;
  readonly log: MergedLog;
  /** The run's start by the clock of the nodes: milliseconds since 1970. */
  readonly zero: number;
  readonly configuration: readonly ShownFile[];
}

/** The same file of several nodes once. */
export function shownFiles(
  nodes: ReadonlyArray<{
    readonly node: string;
    readonly etc: ReadonlyArray<{ readonly path: string; readonly text: string }>;
  }>,
): ShownFile[] {
  const all = nodes.flatMap(({ node, etc }) => etc.map((file) => ({ node, ...file })));
  return [...Map.groupBy(all, ({ path, text }) => `${path}\n${text}`).values()]
    .map((same) => ({
      path: same[0]?.path ?? "",
      text: same[0]?.text ?? "",
      nodes: same.map(({ node }) => node).sort(),
    }))
    .sort((a, b) => a.path.localeCompare(b.path) || (a.nodes[0] ?? "").localeCompare(b.nodes[0] ?? ""));
}
