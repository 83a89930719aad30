import type { StepResult } from "../../report/result.ts";
import { type Colors, seconds } from "../../report/summary.ts";
import type { RunEvents, Stage } from "../../scenario/events.ts";

/** One line an event: for pipes, files and CI. Nothing is ever overwritten. */
export function plainOutput(write: (line: string) => void, colors: Colors, verbose: boolean): RunEvents {
  const row = (stage: Stage | "", text: string) => write(`${stage.padEnd(9)} ${text}`);
  return {
    stageStarted: () => {},
    progress: (stage, line) => row(stage, colors.dim(line)),
    stageEnded: (stage, { ok, seconds: time, line }) =>
      row(stage, `${ok ? "" : colors.red("FAILED ")}${line} ${colors.dim(`(${seconds(time)})`)}`),
    stepStarted: () => {},
    stepEnded: (step) => row("", formatStep(step, colors)),
    detail: (line) => (verbose ? row("", colors.dim(line)) : undefined),
  };
}

export function formatStep(step: StepResult, colors: Colors): string {
  if (step.outcome === "unchecked")
    return `${colors.yellow("-")} not checked: ${step.sentence} (${step.because})`;
  if (step.outcome === "left out") return `${colors.yellow("-")} left out: ${step.sentence}`;
  const mark = step.outcome === "passed" ? colors.green("✓") : colors.red("✗");
  return `${mark} ${step.sentence} ${colors.dim(`(${seconds(step.seconds)})`)}`;
}
