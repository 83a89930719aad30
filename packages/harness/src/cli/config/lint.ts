import { lintSite, type Problem, type Upgrade, upgrade } from "@slurmlab/config-gen";
import { EXIT, LabError } from "../../errors/lab-error.ts";
import { terminal } from "../terminal.ts";
import { formatFindings, noSlurmConf, tally } from "./problems.ts";
import { knownRelease } from "./release.ts";
import { readSiteFolder } from "./site-folder.ts";

export interface LintOptions {
  readonly slurm?: string;
  readonly from?: string;
  readonly to?: string;
  readonly strict?: boolean;
  readonly allowHostPath?: boolean;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `config lint`: 0 when a daemon would take the files, 1 when not (with `--strict` for warnings too), 2 bad input. */
export function lint(folder: string, options: LintOptions): number {
  if ((options.from === undefined) !== (options.to === undefined) || (options.from && options.slurm)) {
    throw new LabError({
      kind: "bad-input",
      message: "an upgrade is linted with both --from and --to, and without --slurm",
      hint: "pnpm run config lint DIR --from 22.05 --to 24.11",
    });
  }
  const knowledge = knownRelease(options.to ?? options.slurm, options.to ? "--to" : "--slurm");
  const { files, users, problems: unread } = readSiteFolder(folder, options);
  const found = lintSite(files, knowledge, users);
  const missing = found.find((problem) => problem.code === "no-slurm-conf");
  if (missing) throw noSlurmConf(missing, folder);
  const problems = [...found, ...unread];
  const jump = options.from
    ? upgrade(knownRelease(options.from, "--from").slurm, knowledge.slurm)
    : undefined;
  const before = options.from ? lintSite(files, knownRelease(options.from, "--from"), users) : [];
  const out = terminal(options);
  const errors = problems.filter((problem) => problem.severity === "error").length;
  const bad =
    errors > 0 ||
    (options.strict && problems.length > 0) ||
    jump?.kind === "outside" ||
    jump?.kind === "downgrade";
  if (options.json) {
    const report = {
      folder,
      slurm: knowledge.slurm,
      errors,
      warnings: problems.length - errors,
      problems,
      ...(jump ? { upgrade: { from: options.from, ...jump } } : {}),
    };
    out.print(JSON.stringify(report, null, 2));
    return bad ? EXIT.failed : EXIT.ok;
  }
  if (jump) out.print(describeJump(jump, options.from ?? "", knowledge.slurm));
  if (problems.length > 0) out.print(formatFindings(problems, out.colors, options.all ?? false));
  const fresh = jump ? ` (${newOnes(problems, before).length} new in ${knowledge.slurm})` : "";
  out.print(
    `${folder} for Slurm ${knowledge.slurm}: ${problems.length === 0 ? "nothing found" : tally(problems)}${fresh}`,
  );
  return bad ? EXIT.failed : EXIT.ok;
}

/** What the old release does not say as well. */
function newOnes(problems: readonly Problem[], before: readonly Problem[]): Problem[] {
  const key = (problem: Problem) => `${JSON.stringify(problem.place)} ${problem.code}`;
  const known = new Set(before.map(key));
  return problems.filter((problem) => !known.has(key(problem)));
}

function describeJump(jump: Upgrade, from: string, to: string): string {
  if (jump.kind === "outside")
    return [
      `${from} to ${to}: OUTSIDE the supported window: slurmctld and slurmdbd refuse the old state, or drop it`,
      `  ladder ${jump.ladder.join(" > ")}`,
      "  on each rung start slurmdbd, then slurmctld, then slurmd, and let the running jobs end",
    ].join("\n");
  if (jump.kind === "same") return `${from} to ${to}: the same release`;
  if (jump.kind === "inside") return `${from} to ${to}: inside the supported window`;
  if (jump.kind === "unknown") return `${from} to ${to}: the window is not known for ${jump.release}`;
  return `${from} to ${to}: OUTSIDE, Slurm does not go back: restore a backup of StateSaveLocation and database made with ${to}`;
}
