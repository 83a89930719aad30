import { existsSync, writeFileSync } from "node:fs";
import {
  formatNote,
  formatProblem,
  type HookMode,
  importSite,
  judgeSite,
  type Note,
  planCluster,
  readSite,
  shrinkSite,
} from "@slurmlab/config-gen";
import { DEFAULT_SLURM } from "@slurmlab/images";
import { stringify } from "yaml";
import { EXIT, LabError, messageOf } from "../../errors/lab-error.ts";
import { terminal } from "../terminal.ts";
import { count, noSlurmConf, problemList, tally } from "./problems.ts";
import { knownRelease } from "./release.ts";
import { readSiteFolder } from "./site-folder.ts";

export interface ImportOptions {
  readonly slurm?: string;
  readonly shrink?: number;
  readonly hooks: HookMode;
  readonly allowHostPath?: boolean;
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `config import`: the specification to standard output or a file, everything that was decided to standard error. */
export function importFolder(folder: string, options: ImportOptions): number {
  const knowledge = knownRelease(options.slurm);
  const { files, users, problems: unread } = readSiteFolder(folder, options);
  const { site, problems: unreadable } = readSite(files, knowledge.slurm);
  if (!site) throw noSlurmConf(unreadable[0], folder);
  if (options.out && existsSync(options.out) && !options.force) {
    throw new LabError({
      kind: "bad-input",
      message: `${options.out} is there already`,
      hint: "another --out, or --force",
    });
  }
  const problems = [...judgeSite(site, knowledge, users), ...unread];
  const { shrink, hooks } = options;
  const { spec, notes } =
    shrink === undefined ? importSite(site) : shrinkSite(site, { nodes: shrink, hooks, problems, knowledge });
  const planned = planCluster(spec, { defaultSlurm: DEFAULT_SLURM });
  // What is wrong at the site stays wrong in its exact copy; a shrunk one has to start.
  if (!planned.ok && shrink !== undefined) throw problemList(`${folder} cannot be shrunk`, planned.problems);
  const out = terminal({ json: true });
  const text = `${header(folder, knowledge.slurm, shrink)}${stringify(spec, { lineWidth: 110, compat: "yaml-1.1" })}`;
  const data = options.json
    ? JSON.stringify({ folder, slurm: knowledge.slurm, spec, notes, problems }, null, 2)
    : undefined;
  if (options.out) write(options.out, text);
  if (data !== undefined || !options.out) out.print(data ?? text.trimEnd());
  tellNotes(notes, out.note);
  if (!options.slurm) out.note(`read as Slurm ${knowledge.slurm}; --slurm names another release`);
  if (!planned.ok) {
    out.note(`${count(planned.problems.length, "thing")} to mend in the specification before it renders:`);
    for (const problem of planned.problems.slice(0, 20)) out.note(`  ${formatProblem(problem)}`);
  }
  if (problems.length > 0)
    out.note(`${tally(problems)} in the folder: pnpm run config lint ${folder} --slurm ${knowledge.slurm}`);
  if (options.out) {
    const next =
      shrink === undefined ? `pnpm run config render ${options.out}` : `pnpm cluster up ${options.out}`;
    out.note(`wrote ${options.out}; next: ${next}`);
  }
  return EXIT.ok;
}

function header(folder: string, slurm: string, shrink: number | undefined): string {
  const how = shrink === undefined ? "imported" : `imported and shrunk to at most ${shrink} nodes`;
  return `# ${how} from ${folder} as Slurm ${slurm}\n`;
}

/** Notes that say the same of many things are one line: a site's configuration has fifty paths. */
function tellNotes(notes: readonly Note[], say: (line: string) => void): void {
  const groups = new Map<string, Note[]>();
  for (const note of notes) {
    const key = `${note.kind} ${note.why}`;
    groups.set(key, [...(groups.get(key) ?? []), note]);
  }
  if (notes.length > 0) say(`${count(notes.length, "thing")} to know:`);
  for (const group of groups.values()) {
    const first = group[0];
    if (!first) continue;
    const whats = [...new Set(group.map((note) => note.what))];
    say(
      `  ${whats.length === 1 ? formatNote(first) : formatNote({ kind: first.kind, why: first.why, what: whats.join(", ") })}`,
    );
  }
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new LabError({
      kind: "bad-input",
      message: `${path} cannot be written`,
      seen: messageOf(error),
      cause: error,
    });
  }
}
