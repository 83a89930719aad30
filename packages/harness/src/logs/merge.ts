import type { LogDaemon, LogLine, MergedLine } from "./line.ts";
import { parseLog } from "./parse.ts";
import type { TimeReading } from "./time.ts";

/** A log as it was read from a node or a folder. */
export interface LogFile {
  readonly node: string;
  readonly daemon: LogDaemon;
  /** `slurmctld.log`, `slurmctld.stderr.log`. */
  readonly name: string;
  readonly text: string;
}

/** Lines that were left out of one log: its oldest. */
interface Cut {
  readonly node: string;
  readonly daemon: LogDaemon;
  readonly lines: number;
}

export interface MergedLog {
  /** In the order of time; lines without any come last. */
  readonly lines: readonly MergedLine[];
  readonly cuts: readonly Cut[];
}

/** Longest line that is kept whole, in characters. */
const LINE_LENGTH = 2000;

/**
 * Lines of all logs in the order of time, at most `limit` of them. When there are more, short logs stay whole and the
 * long ones keep their newest lines, as many each.
 */
export function mergeLogs(files: readonly LogFile[], limit: number, reading: TimeReading = {}): MergedLog {
  const logs = withoutRepeats(files).map((file) => ({ ...file, lines: parseLog(file.text, reading) }));
  const share = fairShare(
    logs.map((log) => log.lines.length),
    limit,
  );
  const cuts = logs
    .filter((log) => log.lines.length > share)
    .map(({ node, daemon, lines }) => ({ node, daemon, lines: lines.length - share }));
  const lines = logs
    .flatMap(({ node, daemon, lines }) =>
      lines.slice(-share).map((line) => ({ node, daemon, ...clip(line) })),
    )
    .sort((a, b) => order(a) - order(b));
  return { lines, cuts };
}

function order(line: LogLine): number {
  return line.time ?? Number.MAX_SAFE_INTEGER;
}

/** The most that each may have so that all together have no more than `limit`; those with less leave theirs to others. */
function fairShare(counts: readonly number[], limit: number): number {
  let left = limit;
  const ascending = counts.toSorted((a, b) => a - b);
  for (const [i, count] of ascending.entries()) {
    const share = Math.floor(left / (ascending.length - i));
    if (count > share) return Math.max(share, 1);
    left -= count;
  }
  return limit;
}

function clip(line: LogLine): LogLine {
  const { length } = line.text;
  return length <= LINE_LENGTH
    ? line
    : { ...line, text: `${line.text.slice(0, LINE_LENGTH)} … (${length - LINE_LENGTH} more characters)` };
}

/**
 * A daemon in the foreground writes every line to standard error too. What its log has is left out of
 * `slurmctld.stderr.log`, so that only what came before the log was open, or after it, remains.
 */
function withoutRepeats(files: readonly LogFile[]): LogFile[] {
  return files.map((file) => {
    if (!file.name.endsWith(".stderr.log")) return file;
    const own = file.name.replace(".stderr.log", ".log");
    const log = files.find((other) => other.node === file.node && other.name === own);
    if (!log) return file;
    const known = new Set(parseLog(log.text).map((line) => line.text));
    const kept = file.text.split("\n").filter((raw) => !parseLog(raw).some((line) => known.has(line.text)));
    return { ...file, text: kept.join("\n") };
  });
}
