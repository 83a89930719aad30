import { nearest, type Problem } from "@slurmlab/config-gen";
import { z } from "zod";

export type ParameterValue = string | number | boolean;

const PARAMETER_TYPES = ["integer", "number", "string", "boolean"] as const;

/** A parameter as a scenario declares it: what may be set, what it is otherwise, and what it means. */
interface ParameterSpec {
  readonly type: (typeof PARAMETER_TYPES)[number];
  readonly default: ParameterValue;
  readonly description: string;
}

export type ParameterSpecs = Readonly<Record<string, ParameterSpec>>;

/** The values that a scenario with these parameters is given. */
export type ParameterValues<P extends ParameterSpecs> = {
  readonly [K in keyof P]: P[K]["type"] extends "integer" | "number"
    ? number
    : P[K]["type"] extends "boolean"
      ? boolean
      : P[K]["type"] extends "string"
        ? string
        : ParameterValue;
};

/** What parameters, and results of steps, can be called. */
export const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

const parameter = z
  .strictObject({
    type: z.enum(PARAMETER_TYPES).meta({ description: "what it holds" }),
    default: z
      .union([z.string(), z.number(), z.boolean()])
      .meta({ description: "its value when --set does not name it" }),
    description: z.string().min(1).meta({ description: "what it means, for those who set it" }),
  })
  .check((context) => {
    const { type, default: value } = context.value;
    if (fits(type, value)) return;
    const message = `expected ${withArticle(type)}, as its type says, seen ${JSON.stringify(value)}`;
    context.issues.push({ code: "custom", input: value, path: ["default"], message });
  });

export const parametersSchema = z.record(
  z.string().regex(NAME, { error: "expected a name of letters, digits and _" }),
  parameter,
);

/**
 * The parameters' values: their defaults, and what `--set` gives. A name that is not declared and a value of another
 * type are problems.
 */
export function parameterValues(
  specs: ParameterSpecs,
  given: Readonly<Record<string, string>>,
): { values: Record<string, ParameterValue>; problems: Problem[] } {
  const values = Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, spec.default]));
  const problems: Problem[] = [];
  const report = (name: string, message: string, hint?: string) =>
    problems.push({ severity: "error", path: `--set ${name}`, message, ...(hint ? { hint } : {}) });
  for (const [name, text] of Object.entries(given)) {
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (!spec) {
      const known = Object.keys(specs);
      const near = nearest(name, known);
      const all = known.length > 0 ? `known: ${known.join(", ")}` : "the scenario has no parameters";
      report(name, `unknown parameter "${name}"`, near ? `did you mean "${near}"?` : all);
      continue;
    }
    const value = parseValue(spec.type, text);
    if (value === undefined) report(name, `expected ${withArticle(spec.type)}, seen "${text}"`);
    else values[name] = value;
  }
  return { values, problems };
}

function parseValue(type: ParameterSpec["type"], text: string): ParameterValue | undefined {
  if (type === "string") return text;
  if (type === "boolean") return text === "true" ? true : text === "false" ? false : undefined;
  const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
  return value !== undefined && fits(type, value) ? value : undefined;
}

function fits(type: ParameterSpec["type"], value: ParameterValue): boolean {
  if (type === "string" || type === "boolean") return typeof value === type;
  return type === "integer" ? Number.isSafeInteger(value) : Number.isFinite(value);
}

function withArticle(type: string): string {
  return `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;
}
