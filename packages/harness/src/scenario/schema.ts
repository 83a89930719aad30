import { clusterSpecSchema } from "@slurmlab/config-gen";
import { z } from "zod";
import { FAULTS } from "../faults/index.ts";
import { INVARIANT_NAMES } from "../invariants/index.ts";
import { VERBS } from "../verbs/index.ts";

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
      cluster: toJson(clusterSpecSchema),
      without: {
        type: "object",
        description:
          "what --without-fault changes in the cluster, when the scenario is about its configuration",
      },
      breaks: {
        type: "array",
        items: { enum: [...INVARIANT_NAMES] },
        description: "invariants broken on purpose",
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
      // The only custom type is a reference to what an earlier step gave.
      if (zodSchema._zod.def.type === "custom")
        Object.assign(jsonSchema, { type: "string", pattern: "^\\$[A-Za-z][A-Za-z0-9_]*$" });
    },
  }) as Json;
  delete json.$schema;
  return json;
}

/** The reference of verbs as Markdown: name, summary, fields with type and default, example. */
export function verbReference(): string {
  const parts = VERBS.map((verb) => [`## ${verb.name}`, "", verb.summary, "", ...inputOf(verb)].join("\n"));
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
    [`## ${fault.name}`, "", fault.summary, "", ...fields(toJson(fault.schema))].join("\n"),
  );
  return `# Faults

Cut from the code by \`UPDATE_DOCS=1 pnpm test\`; edit the faults, not this page. \`inject: { fault: munge-down, on: c2 }\`
puts one in, \`as: x\` names it, and \`heal: $x\` mends it; what is still in at the end of the steps is healed then. One
that a machine cannot have makes the scenario skipped, with the reason.

${parts.join("\n\n")}
`;
}

function inputOf(verb: (typeof VERBS)[number]): string[] {
  if (verb.name === "inject") return ["Its fields are those of the fault: see [faults](faults.md)."];
  return verb.name === "heal" ? ["Its input is the fault: `heal: $name`."] : fields(toJson(verb.schema));
}

function fields(schema: Json): string[] {
  const forms = (schema.anyOf ?? [schema]) as Json[];
  return forms.flatMap((form, i) => {
    const required = (form.required ?? []) as string[];
    const rows = Object.entries((form.properties ?? {}) as Record<string, Json>).map(([name, field]) => {
      const must = required.includes(name)
        ? "yes"
        : field.default === undefined
          ? ""
          : `default \`${JSON.stringify(field.default)}\``;
      return `| \`${name}\` | ${typeOf(field)} | ${must} | ${field.description ?? ""} |`;
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

function typeOf(field: Json): string {
  if (Array.isArray(field.enum)) return field.enum.map((value) => `\`${value}\``).join(" ");
  if (field.pattern === "^\\$[A-Za-z][A-Za-z0-9_]*$") return String(field.title ?? "regular expression");
  if (typeof field.const === "string") return `\`${field.const}\``;
  if (Array.isArray(field.anyOf)) return [...new Set((field.anyOf as Json[]).map(typeOf))].join(" or ");
  if (field.type === "array") return `list of ${typeOf((field.items ?? {}) as Json)}`;
  return typeof field.type === "string" ? field.type : "anything";
}
