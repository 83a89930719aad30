import { z } from "zod";

/** A regular expression: a RegExp in TypeScript, its source in YAML. Lines count as lines (`^`, `$`). */
export const pattern = z.union([z.instanceof(RegExp), z.string()]).transform((value, context) => {
  if (value instanceof RegExp) return value;
  try {
    return new RegExp(value, "m");
  } catch (error) {
    context.addIssue({
      code: "custom",
      message: `expected a regular expression, seen "${value}": ${(error as Error).message}`,
    });
    return z.NEVER;
  }
});
