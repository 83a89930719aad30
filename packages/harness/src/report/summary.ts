import type pc from "picocolors";
import { clipped } from "../errors/clipped.ts";
import { ownSeconds, type RunResult, type Verdict } from "./result.ts";

/** Characters of what was expected and seen that a terminal gets; the report has more. */
const ON_SCREEN = 3000;

/** Colours, or none: picocolors' functions, so that a pipe gets plain text. */
export type Colors = ReturnType<typeof pc.createColors>;

/** `0.3 s`, `12.0 s`. */
export function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}

/** Whom the run's time went to: `3.6 s waiting for Slurm, 1.9 s for the engine, 0.5 s slurmlab's own (8 %)`. */
export function spent(result: Pick<RunResult, "seconds" | "waited" | "waitedForEngine">): string {
  const own = ownSeconds(result);
  const share = result.seconds > 0 ? ` (${Math.round((100 * own) / result.seconds)} %)` : "";
  return `${seconds(result.waited)} waiting for Slurm, ${seconds(result.waitedForEngine)} for the engine, ${seconds(own)} slurmlab's own${share}`;
}

/** The end of a run for a person: verdict, what was seen where, likely causes, where the report is, what to type. */
export function summarize(result: RunResult, reportFile: string, colors: Colors): string {
  const paint: Record<Verdict, (text: string) => string> = {
    passed: colors.green,
    failed: colors.red,
    broken: colors.red,
    skipped: colors.yellow,
    interrupted: colors.yellow,
    "bad-input": colors.red,
  };
  const lines = ["", `${paint[result.verdict](result.verdict.toUpperCase())}  ${result.title}`];
  const row = (label: string, text: string) =>
    lines.push(`${label.padEnd(9)} ${text.trimEnd().replaceAll("\n", `\n${" ".repeat(10)}`)}`);
  if (result.because) row("because", result.because);
  const { failure } = result;
  if (failure && failure.kind !== "interrupted") {
    row("what", failure.message);
    if (failure.expected) row("expected", clipped(failure.expected, ON_SCREEN));
    if (failure.seen) row("seen", clipped(failure.seen, ON_SCREEN));
    if (failure.where) row("where", failure.where);
    if (failure.hint) row("do", failure.hint);
  }
  for (const clue of result.clues) {
    row("perhaps", `${clue.cause}\n${clue.daemon} on ${clue.node}: "${clue.line}"`);
    row("check", clue.check);
    row("do", clue.do);
  }
  for (const step of result.steps)
    if (step.outcome === "unchecked") row("unchecked", `${step.sentence}: ${step.because}`);
  for (const { what, value, unit } of result.measurements)
    row("measured", `${what}: ${Number(value.toFixed(1))}${unit ? ` ${unit}` : ""}`);
  if (result.evidence) row("evidence", result.evidence);
  for (const leftover of result.leftovers)
    row("left", `${leftover} (pnpm cluster down ${result.cluster.id})`);
  if (result.enter) {
    row("kept", result.enter);
    row("remove", `pnpm cluster down ${result.cluster.id}`);
  }
  const stages = Object.entries(result.stages).map(([stage, time]) => `${stage} ${seconds(time)}`);
  row("time", `${seconds(result.seconds)}: ${stages.join(", ")}\n${spent(result)}`);
  row("report", reportFile);
  row("again", result.repeat);
  return lines.join("\n");
}
