import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { formatProblem } from "@slurmlab/config-gen";
import { EXIT, LabError } from "../../errors/lab-error.ts";
import { ejectScenario } from "../../scenario/eject.ts";
import { findScenario, nameOf } from "../../scenario/load.ts";
import { readYaml } from "../../scenario/yaml.ts";
import { SCENARIO_FOLDER } from "../project.ts";
import { terminal } from "../terminal.ts";

/** `scenario eject`: prints a YAML scenario as TypeScript. */
export function eject(wanted: string): number {
  terminal({}).print(ejected(findScenario(wanted, SCENARIO_FOLDER)).trimEnd());
  return EXIT.ok;
}

/** A YAML scenario's file as TypeScript. Bad input when it is not YAML, or has problems. */
export function ejected(file: string): string {
  if (extname(file) === ".ts")
    throw new LabError({
      kind: "bad-input",
      message: `${nameOf(file)} is TypeScript already`,
      expected: "a scenario in YAML",
      where: file,
    });
  const read = readYaml(readFileSync(file, "utf8"), file);
  if (read.ok) return ejectScenario(read);
  throw new LabError({
    kind: "bad-input",
    message: [
      `${nameOf(file)} has ${read.problems.length} problem(s)`,
      ...read.problems.map(formatProblem),
    ].join("\n  "),
  });
}
