import { VERBS } from "../verbs/index.ts";
import { methodName } from "./method-name.ts";
import { hostlistParts, referenceIn } from "./references.ts";
import type { YamlResult } from "./yaml.ts";

const IMPORT = 'import { scenario } from "@slurmlab/harness";';

type ReadYaml = Extract<YamlResult, { ok: true }>;

/** Words that cannot name a constant in a module. */
const RESERVED = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends false
  finally for function if implements import in instanceof interface let new null package private protected public
  return static super switch this throw true try typeof undefined var void while with yield parameters scenario`.split(
    /\s+/,
  ),
);

/**
 * A YAML scenario as TypeScript: the same claim, cluster and steps, with results as constants. What no step uses is
 * not named.
 */
export function ejectScenario({ scenario, settings, ...written }: ReadYaml): string {
  const { clusterAsWritten, withoutAsWritten, deadlineAsWritten } = written;
  const names = constantNames(scenario.steps.flatMap((step) => step.as ?? []));
  const parameters = Object.keys(settings.declared);
  const used = new Set(scenario.steps.flatMap((step) => referencesIn(step.input)));
  const refer = (name: string) =>
    parameters.includes(name) ? `parameters.${name}` : (names.get(name) ?? name);
  const steps = scenario.steps.map(({ verb, input, as }) => {
    const call = `await ${methodName(verb.name)}(${literal(input, 2, refer)});`;
    return as !== undefined && used.has(as) ? `    const ${names.get(as)} = ${call}` : `    ${call}`;
  });
  const verbs = VERBS.filter(({ name }) => scenario.steps.some((step) => step.verb.name === name)).map(
    (verb) => methodName(verb.name),
  );
  const wanted = [...verbs, ...(parameters.some((name) => used.has(name)) ? ["parameters"] : [])];
  const cluster = literal(clusterAsWritten, 1, (name) => `parameters.${name}`);
  const ofParameters = referencesIn(clusterAsWritten).length > 0;
  const fields: Array<[string, string | undefined]> = [
    ["title", JSON.stringify(scenario.title)],
    ["tags", settings.tags.length > 0 ? literal(settings.tags, 1) : undefined],
    ["requires", requiresOf(settings.requires)],
    ["parameters", parameters.length > 0 ? literal(settings.declared, 1) : undefined],
    ["deadline", deadlineAsWritten && JSON.stringify(deadlineAsWritten)],
    ["cluster", ofParameters ? `(parameters) => (${cluster})` : cluster],
    ["without", scenario.without && literal(withoutAsWritten, 1, (name) => `parameters.${name}`)],
    ["breaks", scenario.breaks.length > 0 ? literal(scenario.breaks, 1) : undefined],
  ];
  return scenarioModule(
    [
      ...fields.flatMap(([key, value]) => (value === undefined ? [] : [`  ${key}: ${value},`])),
      `  async run({ ${wanted.join(", ")} }) {`,
      ...steps,
      "  },",
    ].join("\n"),
  );
}

/** The file of a TypeScript scenario whose definition has these fields, each with its comma. */
export function scenarioModule(fields: string): string {
  return `${IMPORT}\n\nexport default scenario({\n${fields}\n});\n`;
}

function requiresOf({ slurm, ...rest }: ReadYaml["settings"]["requires"]): string | undefined {
  const written = { ...(slurm ? { slurm: slurm.text } : {}), ...rest };
  return Object.keys(written).length > 0 ? literal(written, 1) : undefined;
}

/** A constant's name for each result's: another where TypeScript, or a verb, has the word for itself. */
function constantNames(results: readonly string[]): Map<string, string> {
  const taken = new Set<string>([...RESERVED, ...VERBS.map((verb) => methodName(verb.name))]);
  const wanted = new Set(results);
  const names = new Map<string, string>();
  for (const result of wanted) {
    let name = result;
    while (taken.has(name) || (name !== result && wanted.has(name))) name = `${name}_`;
    taken.add(name);
    names.set(result, name);
  }
  return names;
}

function referencesIn(input: unknown): string[] {
  if (typeof input === "string") {
    const whole = referenceIn(input);
    if (whole !== undefined) return [whole];
    return (hostlistParts(input) ?? []).flatMap((part) => (typeof part === "string" ? [] : [part.name]));
  }
  return typeof input === "object" && input !== null ? Object.values(input).flatMap(referencesIn) : [];
}

/**
 * A value as TypeScript, on one line where that is short, with references as what `refer` makes of them. Without it there
 * are none: a parameter's default may well be `$HOME`.
 */
function literal(input: unknown, depth: number, refer?: (name: string) => string): string {
  if (typeof input === "string") return refer ? text(input, refer) : JSON.stringify(input);
  if (typeof input !== "object" || input === null) return String(input);
  const list = Array.isArray(input);
  const parts = list
    ? input.map((item) => literal(item, depth + 1, refer))
    : Object.entries(input).map(([key, value]) => `${keyOf(key)}: ${literal(value, depth + 1, refer)}`);
  const [open, close] = list ? ["[", "]"] : ["{", "}"];
  if (parts.length === 0) return `${open}${close}`;
  const space = list ? "" : " ";
  const line = `${open}${space}${parts.join(", ")}${space}${close}`;
  if (line.length <= 80 && !line.includes("\n")) return line;
  const indent = "  ".repeat(depth + 1);
  return `${open}\n${parts.map((part) => `${indent}${part},\n`).join("")}${"  ".repeat(depth)}${close}`;
}

/** `$$` at the start stands for a plain `$`; a hostlist's references become a template's. */
function text(input: string, refer: (name: string) => string): string {
  const whole = referenceIn(input);
  if (whole !== undefined) return refer(whole);
  const parts = hostlistParts(input);
  if (parts)
    return `\`${parts.map((part) => (typeof part === "string" ? part : `\${${refer(part.name)}}`)).join("")}\``;
  return JSON.stringify(input.startsWith("$$") ? input.slice(1) : input);
}

/** `__proto__` in a literal would set what it says; only a computed key is one. */
function keyOf(key: string): string {
  if (key === "__proto__") return '["__proto__"]';
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}
