/** From worst to least. */
export const LEVELS = ["fatal", "error", "warning", "info", "debug"] as const;
export type Level = (typeof LEVELS)[number];

/** Who wrote it: a daemon of Slurm's, munged, mariadbd, the supervisor that writes down each end, or something else. */
export const DAEMONS = [
  "slurmctld",
  "slurmdbd",
  "slurmd",
  "slurmstepd",
  "slurmrestd",
  "sackd",
  "munged",
  "mariadbd",
  "supervisor",
  "other",
] as const;
export type LogDaemon = (typeof DAEMONS)[number];

/** One line of a log, taken apart. */
export interface LogLine {
  /** Milliseconds since 1970. Undefined where the line has no time, nor any line of its file before it. */
  readonly time: number | undefined;
  readonly level: Level;
  /** Without the time and the level's word. */
  readonly text: string;
}

/** A line of one of several logs that were merged. */
export interface MergedLine extends LogLine {
  readonly node: string;
  readonly daemon: LogDaemon;
}
