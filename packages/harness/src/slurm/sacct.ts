import { arrayTasks } from "./array.ts";
import { parseTres } from "./records.ts";

/** A job's row in accounting, as sacct prints it. */
export interface AccountedJob {
  /** JobID: `7`, an array's task `7_0`, a component `7+0`. */
  readonly id: string;
  /** `COMPLETED`, `FAILED`, `CANCELLED`: without the `by 1000` that sacct adds. */
  readonly state: string;
  /** Exit code and signal: `3:0`. */
  readonly exitCode: string;
  readonly allocTres: ReadonlyMap<string, string>;
  /** As sacct prints it, `2026-01-31T23:59:59`; undefined for `Unknown`. */
  readonly end: string | undefined;
  /** Whose job it is; undefined when sacct does not say. */
  readonly user: string | undefined;
}

/** Asks for the latest row of each job alone and not its steps; every column without units, so that numbers are numbers. */
export function sacctArguments(jobs: readonly string[]): string[] {
  return ask(jobs, ["JobID", "State", "ExitCode", "AllocTRES", "End", "User"]);
}

export function parseSacct(text: string): AccountedJob[] {
  return rows(text).flatMap(([id = "", state = "", exitCode = "", tres = "", end = "", user]) => {
    const plain = { state: plainState(state), exitCode, allocTres: parseTres(tres) };
    const row = { ...plain, end: timeOf(end), user: user || undefined };
    return idsOf(id).map((each) => ({ id: each, ...row }));
  });
}

/** One start of a job, or its waiting for one: a job that was requeued has a row for each. */
export interface AccountedRun {
  /** JobID: `7`, an array's task `7_0`, a component `7+0`. */
  readonly id: string;
  /** JobIDRaw: what the job has in SLURM_JOB_ID. */
  readonly rawId: string;
  readonly state: string;
  readonly exitCode: string;
  /** Times as sacct prints them, `2026-01-31T23:59:59`; undefined for `Unknown` and `None`. */
  readonly submit: string | undefined;
  readonly start: string | undefined;
  readonly end: string | undefined;
}

/** Asks for every row of the jobs, those of earlier starts too. */
export function runsArguments(jobs: readonly string[]): string[] {
  return [...ask(jobs, ["JobID", "JobIDRaw", "State", "ExitCode", "Submit", "Start", "End"]), "-D"];
}

/** In the order of submission. */
export function parseRuns(text: string): AccountedRun[] {
  return rows(text)
    .flatMap(([id = "", rawId = "", state = "", exitCode = "", ...times]) => {
      const [submit, start, end] = times.map(timeOf);
      const run = { rawId, state: plainState(state), exitCode, submit, start, end };
      return idsOf(id).map((each) => ({ id: each, ...run }));
    })
    .sort((a, b) => ((a.submit ?? "") < (b.submit ?? "") ? -1 : 1));
}

function timeOf(text: string): string | undefined {
  return /^\d{4}-/.test(text) ? text : undefined;
}

/** Tasks of an array that share a row because none of them has started, `7_[2-3%1]`, get one each. */
function idsOf(id: string): string[] {
  const [, array, tasks] = /^(\d+)_\[(.+)\]$/.exec(id) ?? [];
  return tasks === undefined ? [id] : (arrayTasks(tasks) ?? []).map((task) => `${array}_${task}`);
}

function ask(jobs: readonly string[], columns: readonly string[]): string[] {
  return ["sacct", "-n", "-P", "-X", "--noconvert", "-o", columns.join(","), "-j", jobs.join(",")];
}

function rows(text: string): string[][] {
  return text
    .split("\n")
    .filter((line) => line.includes("|"))
    .map((line) => line.split("|"));
}

function plainState(state: string): string {
  return state.split(" ")[0] ?? "";
}

/** The latest row of a job's part. */
export function lastRun(runs: readonly AccountedRun[], part: string): AccountedRun | undefined {
  return runs.findLast((run) => run.id === part);
}
