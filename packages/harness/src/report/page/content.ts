import type { Clue } from "../../evidence/clues.ts";
import type { JournalEntry } from "../../journal/event.ts";
import type { MergedLog } from "../../logs/merge.ts";
import type { Tone } from "../lanes.ts";
import type { ShownFile } from "../record.ts";
import type { Told } from "../story.ts";

/** What a page shows: of a run, of a cluster that runs, or of logs that someone brought. */
export interface PageContent {
  /** The claim, or what was looked at. */
  readonly title: string;
  readonly verdict: { readonly word: string; readonly tone: Tone };
  /** What one wants to know first, as pairs: when, which Slurm, how long. */
  readonly facts: ReadonlyArray<readonly [label: string, text: string]>;
  /** What was expected, seen and where, when something went wrong. */
  readonly failure: ReadonlyArray<readonly [label: string, text: string]>;
  readonly story: readonly Told[];
  readonly clues: readonly Clue[];
  readonly journal: readonly JournalEntry[];
  readonly log: MergedLog;
  /** The moment that times are counted from, by the clock of the logs: milliseconds since 1970. */
  readonly zero: number;
  readonly configuration: readonly ShownFile[];
  readonly environment: ReadonlyArray<readonly [label: string, text: string]>;
  /** The command that does the same again. */
  readonly repeat: string;
}
