import { type Problem, problemsFrom } from "@slurmlab/config-gen";
import { z } from "zod";
import { isRecord } from "../document/yaml-document.ts";
import { INVARIANT_NAMES } from "../invariants/index.ts";
import { duration } from "../verbs/duration.ts";
import { type ParameterSpecs, type ParameterValue, parametersSchema } from "./parameters.ts";
import { type Requirements, requirementsSchema } from "./requirements.ts";

/** Long enough for every scenario that is not stuck. */
const DEFAULT_DEADLINE = "10m";

/** What a scenario says of itself besides its claim, its cluster and its steps; the same in YAML and TypeScript. */
export const settingsSchema = z.object({
  tags: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, { error: "expected a word in lower case" }), {
      error: "expected a list of words",
    })
    .default([])
    .meta({ description: "words to choose scenarios by: --tag gpu" }),
  requires: requirementsSchema
    .prefault({})
    .meta({ description: "what it needs; skipped, with the reason, where that is not to be had" }),
  parameters: parametersSchema.default({}).meta({
    description: "values that --set gives: $name in the cluster and the steps",
  }),
  deadline: duration.prefault(DEFAULT_DEADLINE).meta({
    description: `the time that the cluster's start, the steps and the checks may take together (default ${DEFAULT_DEADLINE}), not counting images that have to be built; at its end the run has failed`,
  }),
  breaks: z
    .array(z.enum(INVARIANT_NAMES), { error: "expected a list of invariants" })
    .default([])
    .meta({ description: "checks after the steps that are not to hold, as it breaks them on purpose" }),
});

/** The settings of a scenario that is about to run. */
export interface Settings {
  readonly tags: readonly string[];
  readonly requires: Requirements;
  /** Before the time scale. */
  readonly deadlineMs: number;
  /** As they are declared. */
  readonly declared: ParameterSpecs;
  /** As they are in this run. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
}

export const DEFAULT_SETTINGS: Settings = settingsFrom(settingsSchema.parse({}));

/** Settings as they are written, checked. */
export type WrittenSettings = z.output<typeof settingsSchema>;

/** The settings among a scenario's keys, or what is wrong with them. */
export function readSettings(
  root: Readonly<Record<string, unknown>>,
): { ok: true; settings: WrittenSettings } | { ok: false; problems: Problem[] } {
  const input = Object.fromEntries(
    Object.keys(settingsSchema.shape).flatMap((key) => (root[key] === undefined ? [] : [[key, root[key]]])),
  );
  const parsed = settingsSchema.safeParse(input);
  if (parsed.success) return { ok: true, settings: parsed.data };
  return { ok: false, problems: problemsFrom(parsed.error.issues, input, knownKeys) };
}

/** What can still be told of settings that are wrong somewhere: each key by itself, else its default. */
export function salvageSettings(root: Readonly<Record<string, unknown>>): WrittenSettings {
  const one = (key: string) => readSettings({ [key]: root[key] });
  const read = Object.keys(settingsSchema.shape).map((key) => {
    const result = one(key);
    return result.ok ? { [key]: result.settings[key as keyof WrittenSettings] } : {};
  });
  return Object.assign(settingsSchema.parse({}), ...read);
}

export function settingsFrom(
  written: WrittenSettings,
  parameters: Readonly<Record<string, ParameterValue>> = {},
): Settings {
  const { tags, requires, deadline, parameters: declared } = written;
  return { tags, requires, deadlineMs: deadline, declared, parameters };
}

/** The keys at a path of the settings, for the nearest right word. */
function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  const [top] = path;
  if (top === "requires") return Object.keys(requirementsSchema.shape);
  return top === "parameters" && path.length === 2 ? ["type", "default", "description"] : [];
}

/** Names of the declared parameters, also where their declarations are wrong. */
export function declaredNames(root: Readonly<Record<string, unknown>>): string[] {
  return isRecord(root.parameters) ? Object.keys(root.parameters) : [];
}
