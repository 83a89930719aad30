import type { SlurmKnowledge } from "../knowledge/knowledge.ts";
import type { Problem } from "../problem.ts";
import { readSite, type Site } from "../read/site.ts";
import type { SiteFiles } from "../read/site-files.ts";
import { RULES } from "./rules/index.ts";

/**
 * Everything that is wrong with a site's files for one release, in the order of the files.
 *
 * Errors are what a daemon refuses or what cannot work; warnings are what Slurm takes and is probably not meant.
 * `users` are those of the machine that the folder is on: file owners are judged only where SlurmUser exists.
 */
export function lintSite(
  files: SiteFiles,
  knowledge: SlurmKnowledge,
  users: ReadonlySet<string> = new Set(),
): Problem[] {
  const { site, problems } = readSite(files, knowledge.slurm);
  return site ? judgeSite(site, knowledge, users) : [...problems];
}

/** The same of a site that has been read already. */
export function judgeSite(
  site: Site,
  knowledge: SlurmKnowledge,
  users: ReadonlySet<string> = new Set(),
): Problem[] {
  const found = Object.values(RULES).flatMap((rule) => [...rule({ site, knowledge, users })]);
  return [...site.problems, ...found].sort(byPlace);
}

function byPlace(a: Problem, b: Problem): number {
  if (!a.place || !b.place) return a.place ? 1 : b.place ? -1 : 0;
  const [x, y] = [a.place, b.place];
  return (
    Number(y.file.endsWith("slurm.conf")) - Number(x.file.endsWith("slurm.conf")) ||
    compare(x.file, y.file) ||
    x.line - y.line ||
    x.column - y.column
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
