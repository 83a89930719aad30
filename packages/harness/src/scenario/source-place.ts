import type { Place } from "@slurmlab/config-gen";

/**
 * Where a TypeScript source writes down a path of keys: each key is looked for behind the one before it, and what cannot
 * be found (a list's index, a value made by a function) leaves the place at the last one that was. A best guess, as the
 * source is not parsed; never wrong about the file.
 */
export function placeInSource(source: string, file: string, keys: ReadonlyArray<string | number>): Place {
  let at = Math.max(source.search(/\bexport\s+default\b/), 0);
  let found = at;
  for (const key of keys.filter((each) => typeof each === "string")) {
    const escaped = key.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const match = new RegExp(`(?<![\\w$.])["']?${escaped}["']?(?=\\s*[:(,}])`).exec(source.slice(at));
    if (!match) break;
    found = at + match.index;
    at = found + match[0].length;
  }
  const before = source.slice(0, found).split("\n");
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
