import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";
import { type ClusterSpecInput, formatProblem, nearest, type Problem } from "@slurmlab/config-gen";
import { LabError } from "../errors/lab-error.ts";
import type { Scenario } from "./scenario.ts";
import type { Settings } from "./settings.ts";
import { isSubcommand } from "./subcommands.ts";
import { readTypeScript } from "./typescript.ts";
import { readYaml, type YamlScenario } from "./yaml.ts";

/** A scenario from its file, ready to run. */
export interface LoadedScenario {
  readonly name: string;
  readonly file: string;
  readonly title: string;
  readonly settings: Settings;
  /** Its cluster is the one of these parameters. */
  readonly body:
    | {
        readonly language: "typescript";
        readonly scenario: Scenario & { readonly cluster: ClusterSpecInput };
      }
    | { readonly language: "yaml"; readonly scenario: YamlScenario };
}

/** What scenarios' files end in. */
export const ENDINGS: readonly string[] = [".ts", ".yaml", ".yml"];

/** Names of the scenarios in a folder: their file names without the ending. */
export function scenarioNames(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => ENDINGS.includes(extname(name)))
    .map(nameOf)
    .sort();
}

/** Values of parameters as `--set` gives them. */
export type Given = Readonly<Record<string, string>>;

type ReadResult =
  | { readonly ok: true; readonly scenario: LoadedScenario }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Finds a scenario by name in the folder, or by the path of a file, and checks all of it before anything starts. Bad input
 * when there is none, or when it has problems.
 */
export async function loadScenario(
  wanted: string,
  folder: string,
  given: Given = {},
): Promise<LoadedScenario> {
  const file = findScenario(wanted, folder);
  const read = await readScenario(file, given);
  if (read.ok) return read.scenario;
  const list = read.problems.map(formatProblem);
  throw new LabError({
    kind: "bad-input",
    message: [`${nameOf(file)} has ${list.length} problem(s)`, ...list].join("\n  "),
  });
}

/** A scenario from its file, or all that is wrong with it. */
export async function readScenario(file: string, given: Given = {}): Promise<ReadResult> {
  const name = nameOf(file);
  if (isSubcommand(name)) {
    const message = `"${name}" is a subcommand of pnpm scenario, so no scenario can be called so`;
    const place = { file, line: 1, column: 1 };
    return {
      ok: false,
      problems: [{ severity: "error", path: "", message, hint: "rename the file", place }],
    };
  }
  if (extname(file) === ".ts") {
    const read = await readTypeScript(file, given);
    if (!read.ok) return read;
    const { scenario, settings } = read;
    const body = { language: "typescript" as const, scenario };
    return { ok: true, scenario: { name, file, title: scenario.title, settings, body } };
  }
  const read = readYaml(readFileSync(file, "utf8"), file, given);
  if (!read.ok) return read;
  const { scenario, settings } = read;
  const body = { language: "yaml" as const, scenario };
  return { ok: true, scenario: { name, file, title: scenario.title, settings, body } };
}

/** A scenario's name: its file's, without the ending. */
export function nameOf(file: string): string {
  return basename(file, extname(file));
}

/** A file by its path, seen from where the command was typed: pnpm runs scripts in the project's folder. */
function ownFile(wanted: string): string {
  const file = resolve(process.env.INIT_CWD ?? ".", wanted);
  const isFile = statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
  if (isFile && ENDINGS.includes(extname(file))) return file;
  throw new LabError({
    kind: "bad-input",
    message: `no scenario file "${wanted}"`,
    expected: `a file that ends in ${ENDINGS.join(", ")}`,
    seen: existsSync(file) ? `${file} is no such file` : `${file} does not exist`,
  });
}

/** The file that a name, or a path, means. Bad input, with the nearest name, when there is none. */
export function findScenario(wanted: string, folder: string): string {
  if (wanted.includes("/") || ENDINGS.includes(extname(wanted))) return ownFile(wanted);
  const file = ENDINGS.map((ending) => join(folder, `${wanted}${ending}`)).find((path) => existsSync(path));
  if (file && basename(wanted) === wanted) return file;
  const names = scenarioNames(folder);
  const near = nearest(wanted, names);
  throw new LabError({
    kind: "bad-input",
    message: `no scenario "${wanted}"`,
    expected: names.join(", "),
    hint: near ? `did you mean "${near}"?` : "give one of these names, or the path of a .yaml or .ts file",
  });
}
