import type { StepResult } from "../report/result.ts";

/** The stages of a run, in order. */
export const STAGES = [
  "engine",
  "images",
  "cluster",
  "steps",
  "checks",
  "logs",
  "evidence",
  "teardown",
] as const;
export type Stage = (typeof STAGES)[number];

/** What a run tells as it goes; a terminal, a pipe and a test each listen in their own way. */
export interface RunEvents {
  stageStarted(stage: Stage): void;
  /** What the stage is doing now. */
  progress(stage: Stage, line: string): void;
  /** `line` sums the stage up. */
  stageEnded(stage: Stage, outcome: { ok: boolean; seconds: number; line: string }): void;
  stepStarted(sentence: string): void;
  stepEnded(step: StepResult): void;
  /** Detail that only `--verbose` shows: build output. */
  detail(line: string): void;
}
