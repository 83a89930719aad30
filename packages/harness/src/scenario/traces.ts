import type { Engine } from "../engine/engine.ts";
import { messageOf } from "../errors/lab-error.ts";
import { type Clue, findClues } from "../evidence/clues.ts";
import { saveEvidence } from "../evidence/collect.ts";
import { logFiles, type NodeFiles, readClusterFiles } from "../evidence/node-files.ts";
import { type MergedLog, mergeLogs } from "../logs/merge.ts";
import type { Progress } from "./progress.ts";

/** The most lines of logs that a report holds: a page of 2 MB, filtered in a tenth of a second. */
const LOG_LINES = 5_000;

/** What a cluster left behind, before it is taken down. */
export interface Traces {
  readonly files: readonly NodeFiles[];
  readonly log: MergedLog;
  readonly clues: readonly Clue[];
  /** The folder with the evidence. */
  readonly evidence: string | undefined;
}

export const NO_TRACES: Traces = { files: [], log: { lines: [], cuts: [] }, clues: [], evidence: undefined };

/**
 * Keeps the logs and the configuration, and with `evidence` a folder of everything that may explain a failure. Never
 * rejects: that something cannot be had is no reason not to tear down.
 */
export async function keepTraces(
  engine: Engine,
  cluster: string,
  run: {
    readonly progress: Progress;
    readonly evidence: string | undefined;
    readonly detail: (line: string) => void;
  },
): Promise<Traces> {
  let traces = NO_TRACES;
  const { progress, evidence } = run;
  try {
    const files = await readClusterFiles(engine, cluster);
    if (files.length > 0) {
      traces = await progress.stage("logs", async () => {
        const logs = logFiles(files);
        const log = mergeLogs(logs, LOG_LINES);
        const clues = evidence ? findClues(log.lines) : [];
        return [{ ...traces, files, log, clues }, `${log.lines.length} lines of ${logs.length} logs`];
      });
    }
    if (evidence === undefined) return traces;
    return await progress.stage("evidence", async () => {
      await saveEvidence(engine, files, evidence);
      return [{ ...traces, evidence }, evidence];
    });
  } catch (error) {
    run.detail(messageOf(error));
    return traces;
  }
}
