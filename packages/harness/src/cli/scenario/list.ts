import { join } from "node:path";
import { nearest } from "@slurmlab/config-gen";
import { EXIT, LabError } from "../../errors/lab-error.ts";
import { type History, readHistory } from "../../report/history.ts";
import { type Colors, seconds } from "../../report/summary.ts";
import { type LoadedScenario, loadScenario, scenarioNames } from "../../scenario/load.ts";
import type { ParameterSpecs } from "../../scenario/parameters.ts";
import { releasesOf } from "../../scenario/releases.ts";
import { OUTPUT_FOLDER, SCENARIO_FOLDER } from "../project.ts";
import { terminal } from "../terminal.ts";

export interface ListOptions {
  readonly tag?: readonly string[];
  readonly json?: boolean;
}

/** Every scenario that has one of the tags (all without any), in the order of their names. */
export async function scenariosWith(tags: readonly string[] | undefined): Promise<LoadedScenario[]> {
  const names = scenarioNames(SCENARIO_FOLDER);
  const all = await Promise.all(names.map((name) => loadScenario(name, SCENARIO_FOLDER)));
  if (!tags) return all;
  const known = [...new Set(all.flatMap((scenario) => scenario.settings.tags))].sort();
  const unknown = tags.find((tag) => !known.includes(tag));
  if (unknown !== undefined) {
    const near = nearest(unknown, known);
    throw new LabError({
      kind: "bad-input",
      message: `no scenario has the tag "${unknown}"`,
      expected: known.join(", ") || "there are no tags",
      ...(near ? { hint: `did you mean "${near}"?` } : {}),
    });
  }
  return all.filter((scenario) => scenario.settings.tags.some((tag) => tags.includes(tag)));
}

interface Row {
  readonly name: string;
  readonly title: string;
  readonly tags: readonly string[];
  /** The releases of the catalog that it runs on. */
  readonly slurm: readonly string[];
  readonly parameters: ParameterSpecs;
  /** How it went the last time, by the reports below the folder that the command was called in. */
  readonly last?: History["last"];
  readonly usualSeconds?: number;
}

/** `scenario list`: what there is, and how it last went. */
export async function list(options: ListOptions): Promise<number> {
  const out = terminal(options);
  const history = readHistory(join(OUTPUT_FOLDER, "runs"));
  const scenarios = await scenariosWith(options.tag);
  const rows = scenarios.map((scenario) => rowOf(scenario, history.get(scenario.name)));
  const width = Math.max(0, ...rows.map((row) => row.name.length)) + 2;
  out.print(
    options.json
      ? JSON.stringify(rows, null, 2)
      : rows.map((row) => formatRow(row, width, out.colors)).join("\n"),
  );
  return EXIT.ok;
}

function rowOf({ name, title, settings, body }: LoadedScenario, past: History | undefined): Row {
  return {
    name,
    title,
    tags: settings.tags,
    slurm: releasesOf({ settings, body }),
    parameters: settings.declared,
    ...(past ? { last: past.last } : {}),
    ...(past?.usualSeconds === undefined ? {} : { usualSeconds: past.usualSeconds }),
  };
}

function formatRow(row: Row, width: number, colors: Colors): string {
  const facts = [
    ...(row.tags.length > 0 ? [row.tags.join(", ")] : []),
    `Slurm ${row.slurm.join(" ") || "none of the catalog"}`,
    ...Object.entries(row.parameters).map(([name, spec]) => `--set ${name}=${spec.default}`),
    row.last ? `${row.last.verdict} on ${row.last.slurm}, ${row.last.started.slice(0, 10)}` : "not run here",
    ...(row.usualSeconds === undefined ? [] : [`usually ${seconds(row.usualSeconds)}`]),
  ];
  return `${row.name.padEnd(width)}${row.title}\n${" ".repeat(width)}${colors.dim(facts.join("; "))}`;
}
