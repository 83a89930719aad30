import type { SiteFiles } from "./site-files.ts";

/** What an Include line names, and where in the line that stands. */
export interface IncludeLine {
  readonly path: string;
  readonly pathAt: number;
  /** What follows it, which should be nothing. */
  readonly rest: string;
}

/** `Include` counts only at the very start of a line (_parse_include_directive). */
export function includeOf(text: string): IncludeLine | undefined {
  const match = /^(include[ \t\n\v\f\r]+)([^ \t\n\v\f\r]+)(.*)$/is.exec(text);
  return match ? { path: match[2] ?? "", pathAt: (match[1] ?? "").length, rest: match[3] ?? "" } : undefined;
}

/** Folders on the way to a file; no path that a machine takes has more. */
const MAX_PARTS = 2048;

/**
 * The file of the folder that an Include means: relative to `base`'s folder (from 24.11 on the main file's, before that
 * the including file's). For an absolute path, or one that leaves the folder, it is the file with the longest same
 * ending, as the folder is a copy of what stands at another path on the site's machines.
 */
export function resolveInclude(files: SiteFiles, path: string, base: string): string | undefined {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (!path.startsWith("/")) {
    const relative = below(base.split("/").slice(0, -1), parts);
    if (relative !== undefined) return files.has(relative) ? relative : undefined;
  }
  for (let from = Math.max(0, parts.length - MAX_PARTS); from < parts.length; from++) {
    const ending = parts.slice(from).join("/");
    if (files.has(ending)) return ending;
  }
  return undefined;
}

/** Undefined for a path that leaves the top folder. */
function below(base: readonly string[], parts: readonly string[]): string | undefined {
  const folder = [...base];
  for (const part of parts) {
    if (part !== "..") folder.push(part);
    else if (folder.pop() === undefined) return undefined;
  }
  return folder.join("/");
}
