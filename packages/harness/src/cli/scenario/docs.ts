import { nearest } from "@slurmlab/config-gen";
import type { z } from "zod";
import { EXIT, LabError } from "../../errors/lab-error.ts";
import { FAULTS } from "../../faults/index.ts";
import type { Colors } from "../../report/summary.ts";
import { givenBy, type VerbField, verbForms, wholeInput } from "../../scenario/schema.ts";
import { VERBS } from "../../verbs/index.ts";
import type { Verb } from "../../verbs/verb.ts";
import { terminal } from "../terminal.ts";

export interface DocsOptions {
  readonly json?: boolean;
}

/** A verb or a fault, as far as its reference goes. */
interface Entry {
  readonly kind: "verb" | "fault";
  readonly name: string;
  readonly summary: string;
  readonly schema: z.ZodType;
  /** Of a verb: what `as:` can name. */
  readonly result?: Verb["result"];
}

const ENTRIES: readonly Entry[] = [
  ...VERBS.map(({ name, summary, schema, result }) => ({
    kind: "verb" as const,
    name,
    summary,
    schema,
    result,
  })),
  ...FAULTS.map(({ name, summary, schema }) => ({ kind: "fault" as const, name, summary, schema })),
];

/** `scenario docs`: every verb and fault in a line, or all of one. */
export function docs(wanted: string | undefined, options: DocsOptions): number {
  const out = terminal(options);
  const entries = wanted === undefined ? ENTRIES : [find(wanted)];
  if (options.json) {
    const rows = entries.map(({ schema, ...entry }) => ({ ...entry, forms: verbForms({ schema }) }));
    out.print(JSON.stringify(rows, null, 2));
  } else out.print(wanted === undefined ? overview() : formatEntry(find(wanted), out.colors));
  return EXIT.ok;
}

function overview(): string {
  const width = Math.max(...ENTRIES.map((entry) => entry.name.length)) + 2;
  const lines = (kind: Entry["kind"]) =>
    ENTRIES.filter((entry) => entry.kind === kind).map(
      (entry) => `  ${entry.name.padEnd(width)}${entry.summary}`,
    );
  return [
    "verbs, one a step",
    ...lines("verb"),
    "",
    "faults, which the verb inject puts in",
    ...lines("fault"),
    "",
    "All of one: pnpm scenario docs NAME",
  ].join("\n");
}

function find(wanted: string): Entry {
  const entry = ENTRIES.find((each) => each.name === wanted);
  if (entry) return entry;
  const names = ENTRIES.map((each) => each.name);
  const near = nearest(wanted, names);
  throw new LabError({
    kind: "bad-input",
    message: `no verb or fault "${wanted}"`,
    expected: names.join(", "),
    ...(near ? { hint: `did you mean "${near}"?` } : {}),
  });
}

function formatEntry(entry: Entry, colors: Colors): string {
  const forms = verbForms(entry);
  const whole = wholeInput(entry);
  const told = [...(entry.result ? [`It ${givenBy(entry.result)}.`] : []), ...(whole ? [whole] : [])];
  const parts = forms.map((form, i) => {
    const intro = forms.length > 1 ? [`form ${i + 1}, by the key ${form[0]?.name}`] : [];
    return [...intro, ...formatFields(form)].join("\n");
  });
  return [`${colors.bold(entry.name)}: ${entry.summary}`, ...told, "", parts.join("\n\n")]
    .join("\n")
    .trimEnd();
}

function formatFields(fields: readonly VerbField[]): string[] {
  const width = Math.max(...fields.map((field) => field.name.length)) + 2;
  return fields.map((field) => {
    const must = field.required ? "required" : field.default === undefined ? "" : `default ${field.default}`;
    return `  ${field.name.padEnd(width)}${[field.type, must, field.meaning].filter(Boolean).join("; ")}`;
  });
}
