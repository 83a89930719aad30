import type { Problem } from "@slurmlab/config-gen";
import { formatProblem } from "@slurmlab/config-gen";
import { LabError } from "../../errors/lab-error.ts";
import type { Terminal } from "../terminal.ts";

/** Nobody reads more; `--all` shows them. */
const SHOWN = 100;

/** Bad input with all its problems. */
export function problemList(title: string, problems: readonly Problem[]): LabError {
  const shown = problems.slice(0, SHOWN).map(formatProblem);
  const more = problems.length > SHOWN ? [`and ${problems.length - SHOWN} more`] : [];
  const message = [`${title}: ${count(problems.length, "problem")}`, ...shown, ...more].join("\n  ");
  return new LabError({ kind: "bad-input", message });
}

/** Bad input: no slurm.conf, or what is called so is none. */
export function noSlurmConf(problem: Problem | undefined, folder: string): LabError {
  const { message = "there is no slurm.conf", place, hint } = problem ?? {};
  const where = place ? `${place.file}:${place.line}:${place.column}` : folder;
  return new LabError({ kind: "bad-input", message, where, ...(hint ? { hint } : {}) });
}

/** `1 problem`, `2 problems`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** Problems as lint prints them: place, what is wrong, what to write, what the daemon says. */
export function formatFindings(
  problems: readonly Problem[],
  colors: Terminal["colors"],
  all: boolean,
): string {
  const limit = all ? problems.length : SHOWN;
  const lines = problems.slice(0, limit).flatMap((problem) => {
    const { place, severity, message, hint, says } = problem;
    const where = place ? `${place.file}:${place.line}:${place.column}: ` : "";
    const word = severity === "error" ? colors.red("error") : colors.yellow("warning");
    return [
      `${colors.bold(where)}${word}: ${message}`,
      ...(hint ? [`  ${colors.dim("write ")} ${hint}`] : []),
      ...(says ? [`  ${colors.dim("daemon")} ${says}`] : []),
    ];
  });
  if (problems.length > limit) lines.push(`and ${problems.length - limit} more (--all shows them)`);
  return lines.join("\n");
}

/** `3 errors, 1 warning`. */
export function tally(problems: readonly Problem[]): string {
  const errors = problems.filter((problem) => problem.severity === "error").length;
  return `${count(errors, "error")}, ${count(problems.length - errors, "warning")}`;
}
