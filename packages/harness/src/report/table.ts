import { median } from "./history.ts";
import { exitCodeOf, ownSeconds, type RunResult } from "./result.ts";
import { seconds } from "./summary.ts";

/** One of several runs, as tables and `--json` show it. */
export interface RunRow {
  readonly scenario: string;
  readonly slurm: string;
  readonly verdict: RunResult["verdict"];
  readonly exitCode: number;
  readonly seconds: number;
  /** How many of them neither Slurm nor the engine was waited for; none of what could not even be planned. */
  readonly own?: number;
  /** Why it did not pass, or was skipped. */
  readonly because?: string;
  /** Where the report is; none of what could not even be planned. */
  readonly report?: string;
  readonly evidence?: string;
  readonly repeat: string;
}

export function rowOf(
  result: RunResult,
  report: string,
  judging: { readonly failOnSkip?: boolean | undefined } = {},
): RunRow {
  const because = result.because ?? (result.verdict === "interrupted" ? undefined : reasonOf(result));
  return {
    scenario: result.scenario,
    slurm: result.slurm,
    verdict: result.verdict,
    exitCode: exitCodeOf(result, judging),
    seconds: result.seconds,
    own: ownSeconds(result),
    ...(because ? { because } : {}),
    report,
    ...(result.evidence ? { evidence: result.evidence } : {}),
    repeat: result.repeat,
  };
}

function reasonOf({ failure, leftovers }: RunResult): string | undefined {
  const left = leftovers.length > 0 ? `left: ${leftovers.join(", ")}` : "";
  const seen = failure?.seen ? `, seen ${failure.seen.trim().split("\n")[0]}` : "";
  return (
    [failure ? `${failure.message.split("\n")[0]}${seen}` : "", left].filter(Boolean).join("; ") || undefined
  );
}

/** The worst of several exit codes: an interruption, then what is broken, bad input, a failure. */
export function worstExit(codes: readonly number[]): number {
  return Math.max(0, ...codes);
}

/** Scenarios by release, a cell with verdict and time each, as text or as Markdown; below it why what did not pass did not. */
export function formatTable(rows: readonly RunRow[], markdown: boolean): string {
  const releases = [...new Set(rows.map((row) => row.slurm))].sort();
  const scenarios = [...new Set(rows.map((row) => row.scenario))];
  const cell = (scenario: string, slurm: string) =>
    rows
      .filter((row) => row.scenario === scenario && row.slurm === slurm)
      .map((row) => (row.verdict === "skipped" ? "skipped" : `${row.verdict} ${seconds(row.seconds)}`))
      .join(", ") || "-";
  const lines = [
    ["scenario", ...releases],
    ...scenarios.map((scenario) => [scenario, ...releases.map((slurm) => cell(scenario, slurm))]),
  ];
  const table = markdown ? markdownTable(lines) : plainTable(lines);
  const reasons = rows
    .filter((row) => row.because !== undefined)
    .map((row) => {
      const where = row.evidence ? ` (${row.evidence})` : "";
      return `${markdown ? "- " : ""}${row.scenario} on ${row.slurm}, ${row.verdict}: ${row.because}${where}`;
    });
  return [table, ...(reasons.length > 0 ? ["", ...reasons] : [])].join("\n");
}

/** `20 of 20 passed; least 11.8 s, median 12.4 s, most 15.0 s; 6 % of it slurmlab's own (median)`. */
export function formatTimes(rows: readonly RunRow[]): string {
  const whole = rows.filter((row) => row.verdict === "passed");
  const passed = whole.map((row) => row.seconds);
  const count = `${passed.length} of ${rows.length} passed`;
  const middle = median(passed);
  if (middle === undefined) return count;
  const [least, most] = [Math.min(...passed), Math.max(...passed)];
  const share = median(whole.flatMap((row) => (row.own === undefined ? [] : [row.own / row.seconds])));
  const own = share === undefined ? "" : `; ${Math.round(100 * share)} % of it slurmlab's own (median)`;
  return `${count}; least ${seconds(least)}, median ${seconds(middle)}, most ${seconds(most)}${own}`;
}

function plainTable(lines: readonly string[][]): string {
  const widths = (lines[0] ?? []).map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)) + 2);
  return lines
    .map((line) =>
      line
        .map((text, i) => text.padEnd(widths[i] ?? 0))
        .join("")
        .trimEnd(),
    )
    .join("\n");
}

function markdownTable(lines: readonly string[][]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const [head = [], ...body] = lines;
  return [row(head), row(head.map(() => "---")), ...body.map(row)].join("\n");
}
