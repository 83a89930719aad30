import type { LogDaemon } from "../../logs/line.ts";

/** A line that shows a symptom, without its time and level. */
interface Example {
  readonly line: string;
  /** The release whose daemon wrote it in a cluster of ours, or the file and line of the source that has the text. */
  readonly from: { readonly seen: string } | { readonly read: string };
}

/** What a line of a log means. */
export interface KnownSymptom {
  readonly id: string;
  /** Whose log it stands in. */
  readonly daemons: readonly LogDaemon[];
  /** The text, of every release that has it. */
  readonly says: RegExp;
  readonly cause: string;
  readonly check: string;
  readonly do: string;
  readonly examples: readonly Example[];
}

export const seen = (release: string, line: string): Example => ({ line, from: { seen: release } });
export const read = (source: string, line: string): Example => ({ line, from: { read: source } });

export const SLURM = ["slurmctld", "slurmdbd", "slurmd", "slurmstepd", "slurmrestd"] as const;
