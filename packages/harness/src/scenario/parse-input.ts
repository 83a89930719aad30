import { nearest, type Problem, problemsFrom } from "@slurmlab/config-gen";
import { z } from "zod";

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: Problem[] };

/**
 * Parses a verb's input. A verb with several forms (a union) is told apart by the first key of each form before
 * anything is parsed, so that a person never reads "Invalid input".
 */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): Parsed<z.output<S>> {
  const form = chooseForm(schema, input);
  if ("problem" in form) return { ok: false, problems: [form.problem] };
  const parsed = form.schema.safeParse(input);
  if (parsed.success) return { ok: true, value: parsed.data as z.output<S> };
  const keys = form.schema instanceof z.ZodObject ? Object.keys(form.schema.shape) : [];
  return {
    ok: false,
    problems: problemsFrom(parsed.error.issues, input, (path) => (path.length === 0 ? keys : [])),
  };
}

function chooseForm(schema: z.ZodType, input: unknown): { schema: z.ZodType } | { problem: Problem } {
  if (!(schema instanceof z.ZodUnion)) return { schema };
  const forms = schema.options.filter((option) => option instanceof z.ZodObject);
  if (schema instanceof z.ZodDiscriminatedUnion) return byWord(schema.def.discriminator, forms, input);
  const firstKey = (form: z.ZodObject) => Object.keys(form.shape)[0] ?? "";
  const keys = typeof input === "object" && input !== null ? Object.keys(input) : [];
  const chosen = forms.find((form) => keys.includes(firstKey(form)));
  if (chosen) return { schema: chosen };
  const message = `expected one of the keys ${forms.map(firstKey).join(", ")}, seen ${keys.join(", ") || "none"}`;
  return { problem: { severity: "error", path: "", message } };
}

/** Forms that one key's word tells apart: `fault: munge-down`. */
function byWord(
  key: string,
  forms: readonly z.ZodObject[],
  input: unknown,
): { schema: z.ZodType } | { problem: Problem } {
  const words = forms.map((form) => String((form.shape[key] as z.ZodLiteral | undefined)?.value));
  const word =
    typeof input === "object" && input !== null ? (input as Record<string, unknown>)[key] : undefined;
  const form = forms[words.indexOf(String(word))];
  if (form && typeof word === "string") return { schema: form };
  const known = `known: ${words.join(", ")}`;
  if (word === undefined) {
    return { problem: { severity: "error", path: key, message: "is missing", hint: known } };
  }
  const near = nearest(String(word), words);
  const message = `unknown ${key} "${String(word)}"`;
  const hint = near ? `did you mean "${near}"?` : known;
  return { problem: { severity: "error", path: key, message, hint } };
}
