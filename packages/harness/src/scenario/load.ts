import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { formatProblem, nearest } from "@slurmlab/config-gen";
import { LabError, messageOf } from "../errors/lab-error.ts";
import type { Scenario } from "./scenario.ts";
import { readYaml, type YamlScenario } from "./yaml.ts";

/** A scenario from its file, ready to run. */
export interface LoadedScenario {
  readonly name: string;
  readonly file: string;
  readonly title: string;
  readonly body:
    | { readonly language: "typescript"; readonly scenario: Scenario }
    | { readonly language: "yaml"; readonly scenario: YamlScenario };
}

const ENDINGS = [".ts", ".yaml", ".yml"];

/** Names of the scenarios in a folder: their file names without the ending. */
export function scenarioNames(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => ENDINGS.includes(extname(name)))
    .map((name) => basename(name, extname(name)))
    .sort();
}

/** Finds a scenario by name in the folder, or by the path of a file, and checks all of it before anything starts. */
export async function loadScenario(wanted: string, folder: string): Promise<LoadedScenario> {
  const file = findFile(wanted, folder);
  const name = basename(file, extname(file));
  if (extname(file) !== ".ts") {
    const result = readYaml(readFileSync(file, "utf8"), file);
    if (!result.ok) {
      const list = result.problems.map(formatProblem);
      throw new LabError({
        kind: "bad-input",
        message: [`${name} has ${list.length} problem(s)`, ...list].join("\n  "),
      });
    }
    return {
      name,
      file,
      title: result.scenario.title,
      body: { language: "yaml", scenario: result.scenario },
    };
  }
  const scenario = await importScenario(file);
  return { name, file, title: scenario.title, body: { language: "typescript", scenario } };
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

function findFile(wanted: string, folder: string): string {
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

async function importScenario(file: string): Promise<Scenario> {
  try {
    const module = (await import(pathToFileURL(file).href)) as { default?: Scenario };
    const scenario = module.default;
    if (scenario && typeof scenario.run === "function" && typeof scenario.title === "string") return scenario;
  } catch (error) {
    throw new LabError({
      kind: "bad-input",
      message: `the scenario cannot be loaded: ${messageOf(error)}`,
      where: file,
      cause: error,
    });
  }
  throw new LabError({
    kind: "bad-input",
    message: "the file has no scenario",
    expected: "export default scenario({ title, cluster, run })",
    where: file,
  });
}
