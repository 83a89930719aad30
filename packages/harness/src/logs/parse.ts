import type { Level, LogLine } from "./line.ts";
import { readTime, type TimeReading } from "./time.ts";

/** Slurm's words before a message (src/common/log.c, `log_msg`); a message without one is `info` or `verbose`. */
const SLURM_LEVELS: ReadonlyArray<readonly [word: RegExp, level: Level]> = [
  [/^fatal: (?:abort: )?/, "fatal"],
  [/^error: /, "error"],
  [/^warning: /i, "warning"],
  [/^debug[1-5]?:\s+/, "debug"],
];

/** munged's (src/libcommon/log.c), MariaDB's (sql/log.cc) and MySQL's words; MySQL's are followed by a code, which stays. */
const OTHER_LEVELS: ReadonlyArray<readonly [word: RegExp, level: Level]> = [
  [/^(?:Emergency|Alert|Critical): +/, "fatal"],
  [/^(?:\d+ )?\[ERROR\] |^Error: +/, "error"],
  [/^(?:\d+ )?\[Warning\] |^Warning: +/, "warning"],
  [/^(?:\d+ )?\[(?:Note|System)\] |^(?:Notice|Info): +/, "info"],
  [/^Debug: +/, "debug"],
];

/** The program's name before a message on standard error (`slurmctld: error: ...`) or in syslog (`host slurmd[12]: `). */
const PROGRAM = /^(?:\S+ )?(slurm(?:ctld|dbd|d|stepd|restd)|sackd|munged|mariadbd|mysqld)(?:\[\d+\])?: +/;

/**
 * Takes a whole log apart. A line without a time is taken to be of the moment of the line before it, and one that
 * has neither a time nor a level of its own (a continued message) also of its level.
 */
export function parseLog(text: string, reading: TimeReading = {}): LogLine[] {
  const lines: LogLine[] = [];
  for (const raw of text.split("\n")) {
    if (raw.trim() === "") continue;
    const { time, rest } = readTime(raw, reading);
    const before = lines.at(-1);
    const { level, text: message } = readLevel(rest);
    lines.push({
      time: time ?? before?.time,
      level: level ?? (time === undefined ? before?.level : undefined) ?? "info",
      text: message,
    });
  }
  return lines;
}

function readLevel(line: string): { level: Level | undefined; text: string } {
  const named = PROGRAM.exec(line);
  const message = named ? line.slice(named[0].length) : line;
  // slurmstepd's lines stand in slurmd's log with the step before the level: `[2.batch] error: ...`.
  const step = /^\[\d+\.\w+\] /.exec(message)?.[0] ?? "";
  const said = message.slice(step.length);
  for (const [word, level] of [...SLURM_LEVELS, ...OTHER_LEVELS]) {
    const match = word.exec(said);
    if (match) return { level, text: step + said.slice(match[0].length) };
  }
  return { level: named ? "info" : undefined, text: message };
}
