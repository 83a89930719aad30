import { z } from "zod";
import { EXIT } from "../errors/lab-error.ts";
import { journalEntrySchema, STEP_OUTCOMES } from "../journal/event.ts";

const VERDICTS = ["passed", "failed", "broken", "skipped", "interrupted", "bad-input"] as const;
export type Verdict = (typeof VERDICTS)[number];

const text = (description: string) => z.string().meta({ description });
const seconds = (description: string) => z.number().min(0).meta({ description, unit: "seconds" });

const stepSchema = z.strictObject({
  sentence: text("what it does, in the present tense"),
  outcome: z.enum(STEP_OUTCOMES),
  seconds: seconds("how long it took"),
  because: text("why it was not checked").optional(),
});
export type StepResult = Readonly<z.output<typeof stepSchema>>;

const failureSchema = z.strictObject({
  kind: z.enum(["bad-input", "no-engine", "failed", "broken", "interrupted"]),
  message: text("what happened, as one line"),
  expected: text("what should have been").optional(),
  seen: text("what was").optional(),
  where: text("file and line, daemon, or command").optional(),
  hint: text("what to do next").optional(),
});

const clueSchema = z.strictObject({
  id: text("the symptom's name"),
  cause: text("the likely cause"),
  check: text("what to look at, to be sure"),
  do: text("what mends it"),
  node: text("where it was first seen"),
  daemon: text("in whose log"),
  line: text("the line that shows it"),
  lines: z.int().meta({ description: "how many lines do" }),
});

const faultSchema = z.strictObject({
  fault: text("its name"),
  on: z.array(text("node")).readonly(),
  since: z.iso.datetime().meta({ description: "RFC 3339, UTC" }),
  healed: z.iso.datetime().optional().meta({ description: "when it was healed" }),
  healedBy: z.enum(["step", "run"]).optional().meta({ description: "a step, or the runner at their end" }),
});

const measurementSchema = z.strictObject({
  what: text("what was measured"),
  value: z.number(),
  unit: text("s, MB, jobs; empty for a plain number"),
});

const clusterSchema = z.strictObject({
  id: text("in the names and labels of all that belongs to it"),
  nodes: z.array(text("name and roles")),
  images: z.array(text("tag")),
  ground: text("cgroups, and where GPUs come from"),
});

/** The machine and the programs, for whoever wants to see the same again. */
const environmentSchema = z.record(z.string(), z.string());

/** The result of a run: what `--json` prints and `report.json` holds. */
const runResultSchema = z.strictObject({
  schema: z.literal(2).meta({ description: "raised when a field changes its meaning or goes" }),
  scenario: text("the scenario's name"),
  title: text("its claim"),
  slurm: text("the release, with its patch level when it was built from source"),
  verdict: z.enum(VERDICTS),
  because: text("why it was skipped").optional(),
  started: z.iso.datetime().meta({ description: "RFC 3339, UTC; the journal counts from here" }),
  seconds: seconds("from beginning to end"),
  parameters: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .optional()
    .meta({ description: "the values of the scenario's parameters" }),
  stages: z.record(z.string(), seconds("the stage's length")),
  waited: seconds("how much of it Slurm, its daemons and programs in nodes were waited for"),
  waitedForEngine: seconds(
    "how much of the rest the container engine was waited for; what is left of it is slurmlab's own",
  ),
  observed: z
    .strictObject({ looks: z.int(), seconds: seconds("from question to answer, all looks together") })
    .optional()
    .meta({ description: "what it cost to look at the states of nodes and jobs while the steps ran" }),
  engine: text("the container engine"),
  cluster: clusterSchema,
  environment: environmentSchema,
  steps: z.array(stepSchema),
  seed: z.int().meta({ description: "what `on: one` and the like were chosen by" }),
  withoutFault: z.boolean().meta({ description: "the steps that disturb were left out: --without-fault" }),
  faults: z.array(faultSchema),
  measurements: z.array(measurementSchema).meta({ description: "what the steps have measured" }),
  failure: failureSchema.optional(),
  clues: z.array(clueSchema).meta({ description: "known symptoms that the logs show" }),
  journal: z.array(journalEntrySchema).meta({ description: "everything that happened, in order of time" }),
  evidence: text("folder with the evidence, relative to where the command ran").optional(),
  repeat: text("the command that does the same again"),
  leftovers: z.array(text("what could not be removed")),
  enter: text("the cluster was kept, and this opens a shell on its login node").optional(),
});
export type RunResult = Readonly<z.output<typeof runResultSchema>>;

/** JSON Schema of report.json, for programs that read it. */
export function runResultJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(runResultSchema), title: "The report of a slurmlab run" };
}

/** What a run took beside waiting for Slurm and for the container engine, in seconds. */
export function ownSeconds({
  seconds,
  waited,
  waitedForEngine,
}: Pick<RunResult, "seconds" | "waited" | "waitedForEngine">): number {
  return Math.max(0, seconds - waited - waitedForEngine);
}

/** The exit code of a run: a leftover makes even a pass broken, and `failOnSkip` a skip a failure. */
export function exitCodeOf(
  result: Pick<RunResult, "verdict" | "failure" | "leftovers">,
  { failOnSkip = false }: { readonly failOnSkip?: boolean | undefined } = {},
): number {
  if (result.verdict === "interrupted") return EXIT.interrupted;
  if (result.verdict === "bad-input") return EXIT.badInput;
  if (result.verdict === "failed") return EXIT.failed;
  if (result.verdict === "broken" || result.leftovers.length > 0) return EXIT.broken;
  return failOnSkip && result.verdict === "skipped" ? EXIT.failed : EXIT.ok;
}
