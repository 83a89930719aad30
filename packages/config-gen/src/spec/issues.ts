import type { z } from "zod";
import { nearest } from "../nearest.ts";
import type { Problem } from "../problem.ts";

/** `["nodes", 2, "gpus"]` as a person would write it: `nodes[2].gpus`. */
function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "");
}

/**
 * Zod's findings as problems a person can act on: what was expected, what was seen, the nearest right word.
 *
 * `knownKeys` answers which keys are allowed at a path, so that a misspelt one gets a suggestion.
 */
export function problemsFrom(
  issues: readonly z.core.$ZodIssue[],
  input: unknown,
  knownKeys: (path: readonly PropertyKey[]) => readonly string[],
): Problem[] {
  return issues.flatMap((issue) => explain(issue, input, knownKeys));
}

function explain(
  issue: z.core.$ZodIssue,
  input: unknown,
  knownKeys: (path: readonly PropertyKey[]) => readonly string[],
): Problem[] {
  const path = formatPath(issue.path);
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(issue.path);
    return issue.keys.map((key) => withHint(join(path, key), `unknown key "${key}"`, key, known));
  }
  const seen = valueAt(input, issue.path);
  if (issue.code === "invalid_value") {
    const allowed = issue.values.map(String);
    const word = typeof seen === "string" ? seen : show(seen);
    const near = nearest(word, allowed);
    const message = `expected one of ${allowed.join(", ")}, seen ${show(seen)}`;
    return [{ severity: "error", path, message, ...(near ? { hint: `did you mean "${near}"?` } : {}) }];
  }
  if (issue.code === "invalid_key") {
    const key = String(issue.path.at(-1));
    return issue.issues.map(({ message }) => ({
      severity: "error",
      path,
      message: `${message}, seen "${key}"`,
    }));
  }
  if (
    seen === undefined &&
    issue.path.length > 0 &&
    (issue.code === "invalid_type" || issue.code === "invalid_union")
  ) {
    const expected =
      issue.code === "invalid_type" ? issue.expected : unionMessage(issue).replace(/^expected /, "");
    return [{ severity: "error", path, message: "is missing", hint: `expected ${expected}` }];
  }
  if (issue.code === "invalid_union") {
    // The branch that got furthest is the one the person meant.
    const branches = [...issue.errors].sort((a, b) => depth(b) - depth(a));
    const best = branches[0] ?? [];
    if (depth(best) > 0) {
      return best.flatMap((inner) =>
        explain({ ...inner, path: [...issue.path, ...inner.path] }, input, knownKeys),
      );
    }
  }
  const said = inWords(issue)
    .replace(/^Invalid input: /, "")
    .replace(/, received .*$/, "");
  return [{ severity: "error", path, message: said.includes("seen") ? said : `${said}, seen ${show(seen)}` }];
}

/** Words for what zod says in its own: bounds with their unit, everything else as the schema has it. */
function inWords(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_union") return unionMessage(issue);
  if (issue.code === "too_small") return `expected at least ${issue.minimum}${UNITS[issue.origin] ?? ""}`;
  if (issue.code === "too_big") return `expected at most ${issue.maximum}${UNITS[issue.origin] ?? ""}`;
  return issue.message;
}

const UNITS: Readonly<Record<string, string>> = { array: " item(s)", string: " character(s)" };

/** A union's own message when the schema gives one, else what its branches want: `expected string or array`. */
function unionMessage(issue: z.core.$ZodIssueInvalidUnion): string {
  if (issue.message !== "Invalid input") return issue.message;
  const wants = issue.errors.flatMap((branch) =>
    branch[0]?.code === "invalid_type" ? [branch[0].expected] : [],
  );
  return wants.length > 0 ? `expected ${[...new Set(wants)].join(" or ")}` : "expected something else";
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

function withHint(path: string, message: string, word: string, known: readonly string[]): Problem {
  const near = nearest(word, known);
  const hint = near ? `did you mean "${near}"?` : known.length > 0 ? `known: ${known.join(", ")}` : undefined;
  return { severity: "error", path, message, ...(hint ? { hint } : {}) };
}

function join(path: string, key: string): string {
  return path ? `${path}.${key}` : key;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = input;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

function show(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
