import { z } from "zod";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, min: 60_000 };

/** Reads `250ms`, `60s`, `2m`; milliseconds, or undefined when it is none of these. */
function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|min)$/.exec(text.trim());
  return match ? Number(match[1]) * (UNITS[match[2] ?? ""] ?? 0) : undefined;
}

/** A duration as people write it; milliseconds inside. */
export const duration = z.string().transform((value, context) => {
  const ms = parseDuration(value);
  if (ms !== undefined && ms > 0) return ms;
  context.addIssue({ code: "custom", message: `expected a time such as "60s", seen "${value}"` });
  return z.NEVER;
});
