import { CHANGED_KEYS } from "./changed-keys.ts";
import { CHANGED_VALUES } from "./changed-values.ts";

/** A change between releases that the tables of accepted keys alone do not tell. */
export interface Change {
  readonly file: string;
  /** `""`, or the first key of the line: `NodeName`. */
  readonly context: string;
  readonly key: string;
  /** `deprecated` is still taken and does what it did; `renamed` is taken under another name only. */
  readonly kind: "removed" | "ignored" | "deprecated" | "renamed" | "value-removed" | "value-deprecated";
  /** The Slurm release that made it, which need not be one of ours: `23.11`. */
  readonly in: string;
  /** For a `value-…`: what can no longer be written, `select/cons_res`. */
  readonly value?: string;
  /** What the daemon says, exactly, with `{key}` and `{value}` where it puts them. */
  readonly says?: string;
  /** Its words from a later release on, where they have changed. */
  readonly saysLater?: { readonly in: string; readonly says: string };
  /** What to write instead: one sentence. */
  readonly instead?: string;
  /** Where the fact comes from. */
  readonly source: string;
}

/** What changed from 18.08 to 26.05: keys first, then values. */
export const CHANGES: readonly Change[] = [...CHANGED_KEYS, ...CHANGED_VALUES];
