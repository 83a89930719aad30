import { isRecord } from "../document/yaml-document.ts";

/** A whole value that names a parameter or the result of an earlier step: `$job`. */
const WHOLE = /^\$([A-Za-z][A-Za-z0-9_]*)$/;
/** A text that is a hostlist and nothing else, with a reference between its brackets: `c[1-$nodes]`. */
const HOSTLIST = /^[\w.,-]*(?:\[[\d,\-$\w]*\][\w.,-]*)+$/;
const IN_BRACKETS = /\$([A-Za-z][A-Za-z0-9_]*)/g;

/** The name that a text refers to as a whole, if it does. */
export function referenceIn(text: string): string | undefined {
  return WHOLE.exec(text)?.[1];
}

/** A hostlist with references cut at them: `["c[1-", { name: "nodes" }, "]"]`; undefined for any other text. */
export function hostlistParts(text: string): Array<string | { readonly name: string }> | undefined {
  if (!text.includes("$") || !HOSTLIST.test(text)) return undefined;
  // split() with a group gives texts and names by turns.
  return text.split(IN_BRACKETS).map((part, i) => (i % 2 === 0 ? part : { name: part }));
}

/**
 * Replaces every string that is `$name`, at any depth, by what `lookUp` gives, and the numbers that a hostlist's brackets
 * name. `$$` at the start means a plain `$`. `path` are the keys that lead to the reference.
 */
export function resolveReferences(
  input: unknown,
  lookUp: (name: string, path: ReadonlyArray<string | number>) => unknown,
  path: ReadonlyArray<string | number> = [],
): unknown {
  if (typeof input === "string") {
    const name = referenceIn(input);
    if (name) return lookUp(name, path);
    const parts = hostlistParts(input);
    if (parts)
      return parts.map((part) => (typeof part === "string" ? part : lookUp(part.name, path))).join("");
    return input.startsWith("$$") ? input.slice(1) : input;
  }
  if (Array.isArray(input)) return input.map((item, i) => resolveReferences(item, lookUp, [...path, i]));
  if (!isRecord(input)) return input;
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => [key, resolveReferences(value, lookUp, [...path, key])]),
  );
}
