import type { LabError } from "../errors/lab-error.ts";
import { EXIT } from "../errors/lab-error.ts";
import type { FaultRecord } from "../faults/injected.ts";
import type { Measurement } from "../ledger/measures.ts";

export type Verdict = "passed" | "failed" | "broken" | "skipped" | "interrupted" | "bad-input";

export interface StepResult {
  readonly sentence: string;
  /** `left out`: it would have disturbed, and the run was to be without. */
  readonly outcome: "passed" | "failed" | "unchecked" | "left out";
  readonly seconds: number;
  /** Why it was not checked. */
  readonly because?: string;
}

/** The result of a run: what `--json` prints and `report.json` holds. */
export interface RunResult {
  /** Raised when a field changes its meaning or goes. */
  readonly schema: 1;
  readonly scenario: string;
  readonly title: string;
  readonly slurm: string;
  readonly verdict: Verdict;
  /** Why it was skipped. */
  readonly because?: string;
  /** RFC 3339, UTC. */
  readonly started: string;
  readonly seconds: number;
  /** The values of the scenario's parameters; absent when it has none. */
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  /** Seconds by stage: engine, images, cluster, steps, checks, teardown. */
  readonly stages: Readonly<Record<string, number>>;
  readonly engine: string;
  readonly cluster: {
    readonly id: string;
    readonly nodes: readonly string[];
    readonly images: readonly string[];
    readonly ground: string;
  };
  readonly steps: readonly StepResult[];
  /** What was left to chance came from: `on: one` and the like, and the steps' random source. */
  readonly seed: number;
  /** The steps that disturb were left out: `--without-fault`. */
  readonly withoutFault: boolean;
  /** What was put in, since when, and what healed it. */
  readonly faults: readonly FaultRecord[];
  /** What the steps have measured. */
  readonly measurements: readonly Measurement[];
  readonly failure?: LabError["facts"];
  /** Likely causes, from known symptoms in the logs. */
  readonly clues: readonly string[];
  /** Folder with the evidence, relative to where the command ran. */
  readonly evidence?: string;
  /** The command that does the same again. */
  readonly repeat: string;
  /** What could not be removed. */
  readonly leftovers: readonly string[];
  /** The cluster was kept, and this opens a shell on its login node. */
  readonly enter?: string;
}

/** The exit code of a run: a leftover makes even a pass broken. */
export function exitCodeOf(result: Pick<RunResult, "verdict" | "failure" | "leftovers">): number {
  if (result.verdict === "interrupted") return EXIT.interrupted;
  if (result.verdict === "bad-input") return EXIT.badInput;
  if (result.verdict === "failed") return EXIT.failed;
  return result.verdict === "broken" || result.leftovers.length > 0 ? EXIT.broken : EXIT.ok;
}
