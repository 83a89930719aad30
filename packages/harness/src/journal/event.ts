import { z } from "zod";

/**
 * What a step can come to. `unchecked`: a claim could not be tried here. `left out`: it would have disturbed, and the run
 * was to be without.
 */
export const STEP_OUTCOMES = ["passed", "failed", "unchecked", "left out"] as const;

const at = z.int().meta({ description: "milliseconds since the run's start" });
const stage = z.string().meta({ description: "a stage of the run: engine, images, cluster, steps ..." });
const step = z.int().min(0).meta({ description: "the step's number, from 0: two may go on at once" });
const sentence = z.string().meta({ description: "what was done, in the present tense" });
const fault = z.string().meta({ description: "unlike that of every other fault of the run" });
const node = z.string().meta({ description: "the node's name" });
const from = z.string().optional().meta({ description: "the state before; not there at the first sight" });
const reason = z.string().optional().meta({ description: "Slurm's reason" });

/** Something that happened in a run, told apart by `kind`, in its place on the run's clock. */
export const journalEntrySchema = z.discriminatedUnion("kind", [
  z.strictObject({ at, kind: z.literal("stage-began"), stage }),
  z.strictObject({
    at,
    kind: z.literal("stage-ended"),
    stage,
    ok: z.boolean(),
    line: z.string().meta({ description: "sums the stage up, as on the terminal" }),
  }),
  z.strictObject({
    at,
    kind: z.literal("progress"),
    stage,
    line: z.string().meta({ description: "what the stage is doing, as on the terminal" }),
  }),
  z.strictObject({ at, kind: z.literal("step-began"), step, sentence }),
  z.strictObject({ at, kind: z.literal("step-ended"), step, sentence, outcome: z.enum(STEP_OUTCOMES) }),
  z.strictObject({
    at,
    kind: z.literal("fault-in"),
    fault,
    sentence,
    nodes: z.array(z.string()).meta({ description: "the nodes that it happens on" }),
    daemon: z.string().optional().meta({ description: "the daemon that it happens to, when it is one" }),
  }),
  z.strictObject({ at, kind: z.literal("fault-out"), fault, sentence: sentence.optional() }),
  z.strictObject({
    at,
    kind: z.literal("node-state"),
    node,
    from,
    to: z.string().meta({ description: "as slurmctld says: IDLE, DOWN+NOT_RESPONDING" }),
    reason,
  }),
  z.strictObject({
    at,
    kind: z.literal("job-state"),
    job: z.string().meta({ description: "the job's id as squeue prints it" }),
    name: z.string().meta({ description: "the job's name" }),
    from,
    to: z.string().meta({ description: "as slurmctld says: PENDING, RUNNING" }),
    reason,
    nodes: z.string().optional().meta({ description: "where it runs, as a host list" }),
  }),
  z.strictObject({
    at,
    kind: z.literal("daemon-state"),
    node,
    daemon: z.string().meta({ description: "the daemon's name" }),
    to: z
      .enum(["started", "ended", "silent", "answering"])
      .meta({ description: "started and ended are from the logs; silent: asked, it did not answer" }),
    how: z.string().optional().meta({ description: "exit code 1, or what was answered instead" }),
  }),
]);

export type JournalEntry = Readonly<z.output<typeof journalEntrySchema>>;

type WithoutAt<T> = T extends unknown ? Omit<T, "at"> : never;

/** What happened, before it has its place. */
export type RunEvent = WithoutAt<JournalEntry>;
