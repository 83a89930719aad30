import { relative } from "node:path";
import { formatProblem, type Problem } from "@slurmlab/config-gen";
import { EXIT } from "../../errors/lab-error.ts";
import { findScenario, nameOf, readScenario, scenarioNames } from "../../scenario/load.ts";
import { SCENARIO_FOLDER } from "../project.ts";
import { terminal } from "../terminal.ts";

export interface LintOptions {
  readonly json?: boolean;
}

/** `scenario lint`: all that is wrong with scenarios, by reading them. Nothing is started and no engine is asked. */
export async function lint(wanted: readonly string[], options: LintOptions): Promise<number> {
  const out = terminal(options);
  const names = wanted.length > 0 ? wanted : scenarioNames(SCENARIO_FOLDER);
  const files = names.map((name) => findScenario(name, SCENARIO_FOLDER));
  const results = await Promise.all(
    files.map(async (file) => ({ file: shown(file), name: nameOf(file), problems: await problemsOf(file) })),
  );
  const problems = results.flatMap((result) => result.problems);
  if (options.json) out.print(JSON.stringify(results, null, 2));
  else {
    for (const problem of problems) out.print(formatProblem(problem));
    out.print(`${count(results.length, "scenario")}, ${count(problems.length, "problem")}`);
  }
  return problems.length > 0 ? EXIT.badInput : EXIT.ok;
}

async function problemsOf(file: string): Promise<Problem[]> {
  const read = await readScenario(file);
  if (read.ok) return [];
  const places = read.problems.map((problem) =>
    problem.place ? { ...problem, place: { ...problem.place, file: shown(problem.place.file) } } : problem,
  );
  return places.sort(
    (a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0),
  );
}

/** As seen from where the command was typed. */
function shown(file: string): string {
  return relative(process.env.INIT_CWD ?? ".", file);
}

function count(number: number, what: string): string {
  return `${number || "no"} ${what}${number === 1 ? "" : "s"}`;
}
