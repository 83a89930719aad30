import type { ClusterPlan } from "@slurmlab/config-gen";
import type { z } from "zod";
import type { Cluster } from "../cluster/cluster.ts";
import type { DaemonControl } from "../cluster/daemon-control.ts";
import type { LogMarks } from "../cluster/log-marks.ts";
import type { Watches } from "../conditions/watch.ts";
import type { Faults } from "../faults/injected.ts";
import type { Journal } from "../journal/journal.ts";
import type { JobLedger } from "../ledger/jobs.ts";
import type { Measures } from "../ledger/measures.ts";
import type { Random } from "./random.ts";

/** What a verb's run function works with. */
export interface StepContext {
  readonly cluster: Cluster;
  /** Also ends what is under way when a watch has seen what must not be. */
  readonly signal: AbortSignal;
  /** Every job the scenario submitted, for the invariants. */
  readonly jobs: JobLedger;
  /** Stops and starts daemons; every end that a step brings about goes through it, or it is taken for a crash. */
  readonly daemons: DaemonControl;
  /** Where the logs ended when something was last disturbed. */
  readonly logs: LogMarks;
  /** Where a verb puts down what it did to the cluster. */
  readonly journal: Journal;
  /** What is wrong on purpose. */
  readonly faults: Faults;
  /** What must not come true beside the steps. */
  readonly watches: Watches;
  /** Numbers for the report. */
  readonly measures: Measures;
  /** Steps that disturb are left out, so that the scenario shows that it can fail: `--without-fault`. */
  readonly withoutFault: boolean;
  /** The run's own random source: the same numbers for the same `--seed`. */
  readonly random: Random;
  /** Says that a part of the scenario could not be checked here, and why. */
  readonly leaveUnchecked: (what: string, why: string) => void;
}

/** Kinds of results that a later step can take. */
export type ResultKind = "job" | "fault" | "text" | "watch" | "load" | "backup" | "nothing";

/**
 * One kind of step: a schema for what a person writes, a sentence for the report, and what it does.
 *
 * Developers call a verb on the scenario's context; admins write the same verb as a YAML step.
 */
export interface Verb<Name extends string = string, Schema extends z.ZodType = z.ZodType, Result = unknown> {
  readonly name: Name;
  /** The first line of its reference. */
  readonly summary: string;
  readonly schema: Schema;
  /** What `as:` can name the result as in YAML. */
  readonly result: ResultKind;
  /** The step is what the scenario tries Slurm with: without it, the scenario must fail. See `--without-fault`. */
  readonly disturbs?: true;
  /** The step as a sentence in the present tense, for the list of steps and the report. */
  sentence(input: z.output<Schema>): string;
  /** Nodes that the input names: a YAML scenario that names one that there is not is refused before it starts. */
  nodes?(input: z.output<Schema>): string[];
  /** Nodes that there are from this step on. */
  brings?(input: z.output<Schema>): string[];
  /** What does not fit the cluster, known before anything starts; undefined when all does. */
  check?(input: z.output<Schema>, plan: ClusterPlan): string | undefined;
  /** What a step that went well has found out, in a few words: they are put behind its sentence. */
  finding?(result: Result): string;
  run(input: z.output<Schema>, context: StepContext): Promise<Result>;
  /** Stands in for `run` when a step that disturbs is left out; needed where the result is used by later steps. */
  leftOut?(input: z.output<Schema>, context: StepContext): Promise<Result>;
}

/** Only there so that TypeScript infers a verb's types. */
export function defineVerb<const Name extends string, Schema extends z.ZodType, Result>(
  verb: Verb<Name, Schema, Result>,
): Verb<Name, Schema, Result> {
  return verb;
}
