import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RunResult, Verdict } from "./result.ts";

/** What earlier runs tell of a scenario. */
export interface History {
  readonly last: { readonly verdict: Verdict; readonly started: string; readonly slurm: string };
  /** The median time of the runs that passed, in seconds; undefined when none has. */
  readonly usualSeconds: number | undefined;
}

type Run = Pick<RunResult, "scenario" | "verdict" | "started" | "slurm" | "seconds">;

/**
 * Reads the reports of earlier runs out of the folder that they are kept in, by scenario. A folder that is not there, and
 * files that are no reports, count for nothing.
 */
export function readHistory(folder: string): Map<string, History> {
  const runs = Map.groupBy(readRuns(folder), (run) => run.scenario);
  return new Map([...runs].map(([scenario, list]) => [scenario, historyOf(list)]));
}

function historyOf(runs: readonly Run[]): History {
  const [last] = runs.toSorted((a, b) => b.started.localeCompare(a.started));
  if (!last) throw new RangeError("a history of no runs");
  const times = runs.filter((run) => run.verdict === "passed").map((run) => run.seconds);
  const { verdict, started, slurm } = last;
  return { last: { verdict, started, slurm }, usualSeconds: median(times) };
}

/** The middle value, or the mean of the two in the middle; undefined of nothing. */
export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  return middle.length === 0 ? undefined : middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

function readRuns(folder: string): Run[] {
  const names = readOr(() => readdirSync(folder), []);
  return names.flatMap((name) => {
    const run = readOr<unknown>(
      () => JSON.parse(readFileSync(join(folder, name, "report.json"), "utf8")),
      null,
    );
    return isRun(run) ? [run] : [];
  });
}

function readOr<T>(read: () => T, other: T): T {
  try {
    return read();
  } catch {
    return other;
  }
}

function isRun(value: unknown): value is Run {
  const run = value as Partial<Record<keyof Run, unknown>> | null;
  return (
    typeof run === "object" &&
    run !== null &&
    typeof run.seconds === "number" &&
    (["scenario", "verdict", "started", "slurm"] as const).every((key) => typeof run[key] === "string")
  );
}
