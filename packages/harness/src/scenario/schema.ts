import { clusterSpecSchema } from "@slurmlab/config-gen";
import { z } from "zod";
import { FAULTS } from "../faults/index.ts";
import { VERBS } from "../verbs/index.ts";
import type { Verb } from "../verbs/verb.ts";
import { settingsSchema } from "./settings.ts";

type Json = Record<string, unknown>;

/**
 * JSON Schema of a YAML scenario, for editors (`# yaml-language-server: $schema=...`). Where a verb takes what an
 * earlier step gave, YAML has `$name`.
 */
export function scenarioJsonSchema(): Json {
  const steps = VERBS.map((verb) => ({
    type: "object",
    description: verb.summary,
    required: [verb.name],
    additionalProperties: false,
    properties: {
      [verb.name]: toJson(verb.schema),
      as: { type: "string", description: "a name for the result" },
    },
  }));
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A slurmlab scenario",
    type: "object",
    required: ["title", "cluster", "steps"],
    additionalProperties: false,
    properties: {
      title: { type: "string", description: "the claim, as a sentence that can be false" },
      ...(toJson(settingsSchema).properties as Json),
      cluster: toJson(clusterSpecSchema),
      without: {
        type: "object",
        description:
          "what --without-fault changes in the cluster, when the scenario is about its configuration",
      },
      steps: { type: "array", minItems: 1, items: { oneOf: steps } },
    },
  };
}

function toJson(schema: z.ZodType): Json {
  const json = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type !== "custom") return;
      // A pattern, or a reference to what an earlier step gave.
      if (zodSchema._zod.bag.Class === RegExp) Object.assign(jsonSchema, { type: "string", format: "regex" });
      else Object.assign(jsonSchema, { type: "string", pattern: "^\\$[A-Za-z][A-Za-z0-9_]*$" });
    },
  }) as Json;
  delete json.$schema;
  return json;
}

/** A field of a verb, as its reference shows it. */
export interface VerbField {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  /** As JSON. */
  readonly default: string | undefined;
  readonly meaning: string;
}

/** A verb's fields, a list for each of its forms. `quote` marks words that are to be written as they stand. */
export function verbForms(
  verb: { readonly schema: z.ZodType },
  quote: (word: string) => string = (word) => word,
): VerbField[][] {
  const schema = toJson(verb.schema);
  return ((schema.anyOf ?? [schema]) as Json[]).map((form) => {
    const required = (form.required ?? []) as string[];
    return Object.entries((form.properties ?? {}) as Record<string, Json>).map(([name, field]) => ({
      name,
      type: typeOf(field, quote),
      required: required.includes(name),
      default: field.default === undefined ? undefined : JSON.stringify(field.default),
      meaning: String(field.description ?? ""),
    }));
  });
}

/** The reference of verbs as Markdown: name, summary, fields with type and default, example. */
export function verbReference(): string {
  const parts = VERBS.map((verb) => {
    const gives = verb.result === "nothing" ? "" : ` It ${givenBy(verb.result)}.`;
    return [`## ${verb.name}`, "", `${verb.summary}${gives}`, "", ...inputOf(verb)].join("\n");
  });
  return `# Verbs

Cut from the code by \`UPDATE_DOCS=1 pnpm test\`; edit the verbs, not this page. In TypeScript each verb is a method of
the scenario's context, in YAML a step of the same name; \`as:\` names a result and \`$name\` uses it. In TypeScript
\`expect-log\` is \`expectLog\`.

${parts.join("\n\n")}
`;
}

/** The reference of faults as Markdown, as that of verbs. */
export function faultReference(): string {
  const parts = FAULTS.map((fault) =>
    [`## ${fault.name}`, "", fault.summary, "", ...fields(quotedForms(fault))].join("\n"),
  );
  return `# Faults

Cut from the code by \`UPDATE_DOCS=1 pnpm test\`; edit the faults, not this page. \`inject: { fault: munge-down, on: c2 }\`
puts one in, \`as: x\` names it, and \`heal: $x\` mends it; what is still in at the end of the steps is healed then. One
that a machine cannot have makes the scenario skipped, with the reason.

${parts.join("\n\n")}
`;
}

/** What a verb says of an input that has no fields, as it is what an earlier step gave. */
export function wholeInput({
  name,
  schema,
}: {
  readonly name: string;
  readonly schema: z.ZodType;
}): string | undefined {
  const { title } = toJson(schema);
  return typeof title === "string" ? `Its input is ${title}: \`${name}: $name\`.` : undefined;
}

/** What a step of a verb gives, as a sentence without its subject. */
export function givenBy(result: Verb["result"]): string {
  return result === "nothing" ? "gives nothing" : `gives a ${result}, which \`as:\` names`;
}

function inputOf(verb: (typeof VERBS)[number]): string[] {
  if (verb.name === "inject") return ["Its fields are those of the fault: see [faults](faults.md)."];
  const whole = wholeInput(verb);
  return whole === undefined ? fields(quotedForms(verb)) : [whole];
}

function quotedForms(described: { readonly schema: z.ZodType }): VerbField[][] {
  return verbForms(described, (word) => `\`${word}\``);
}

function fields(forms: readonly VerbField[][]): string[] {
  return forms.flatMap((form, i) => {
    const rows = form.map((field) => {
      const must = field.required ? "yes" : field.default === undefined ? "" : `default \`${field.default}\``;
      return `| \`${field.name}\` | ${field.type} | ${must} | ${field.meaning} |`;
    });
    const intro = forms.length > 1 ? [`Form ${i + 1}:`, ""] : [];
    return [
      ...(i > 0 ? [""] : []),
      ...intro,
      "| field | type | required | meaning |",
      "| --- | --- | --- | --- |",
      ...rows,
    ];
  });
}

function typeOf(field: Json, quote: (word: string) => string): string {
  const inner = (each: Json) => typeOf(each, quote);
  if (Array.isArray(field.enum)) return field.enum.map((value) => quote(String(value))).join(" ");
  if (field.pattern === "^\\$[A-Za-z][A-Za-z0-9_]*$") return String(field.title);
  if (field.format === "regex") return "regular expression";
  if (typeof field.const === "string") return quote(field.const);
  if (Array.isArray(field.anyOf)) return [...new Set((field.anyOf as Json[]).map(inner))].join(" or ");
  if (field.type === "array") return `list of ${inner((field.items ?? {}) as Json)}`;
  return typeof field.type === "string" ? field.type : "anything";
}
