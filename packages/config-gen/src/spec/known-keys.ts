import { z } from "zod";

/**
 * The keys that a schema allows at a path, so that a misspelt one gets a suggestion. Of a choice of forms, the keys of
 * all of them; nothing where any key goes.
 */
export function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const forms = formsOf(schema);
  const [key, ...rest] = path;
  if (key === undefined) {
    return forms.flatMap((form) => (form instanceof z.ZodObject ? Object.keys(form.shape) : []));
  }
  return forms.flatMap((form) => {
    const inner = below(form, key);
    return inner ? keysAt(inner, rest) : [];
  });
}

function below(form: z.ZodType, key: PropertyKey): z.ZodType | undefined {
  if (form instanceof z.ZodArray) return form.element as z.ZodType;
  if (form instanceof z.ZodRecord) return form.valueType as z.ZodType;
  if (!(form instanceof z.ZodObject) || !Object.hasOwn(form.shape, key)) return undefined;
  return (form.shape as Record<PropertyKey, z.ZodType>)[key];
}

/** What a schema is once nothing is optional, and each of its forms when it has several. */
function formsOf(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return formsOf(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => formsOf(option as z.ZodType));
  return [schema];
}
