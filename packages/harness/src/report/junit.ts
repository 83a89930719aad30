import type { RunResult, StepResult } from "./result.ts";

/** One of several runs that could not even be planned. */
export interface NotPlanned {
  readonly scenario: string;
  readonly slurm: string;
  readonly because: string;
  readonly repeat: string;
}

/**
 * JUnit's XML as CI systems read it: a suite a run, a case a step. A run that ended before its first step, or for
 * another reason than a step, has a case of its own for that, so that it cannot pass for a suite without failures.
 */
export function junitXml(runs: readonly (RunResult | NotPlanned)[]): string {
  const suites = runs.map((run) => ("verdict" in run ? suiteOf(run) : suiteOfNotPlanned(run)));
  const sum = (count: keyof Counts) => suites.reduce((total, { counts }) => total + Number(counts[count]), 0);
  const counts: Counts = {
    tests: sum("tests"),
    failures: sum("failures"),
    errors: sum("errors"),
    skipped: sum("skipped"),
    time: sum("time").toFixed(3),
  };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ ...counts })}>`,
    ...suites.flatMap(({ lines }) => lines),
    "</testsuites>",
    "",
  ].join("\n");
}

interface Counts {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
  /** Seconds. */
  readonly time: string;
}

interface Suite {
  readonly counts: Counts;
  readonly lines: readonly string[];
}

function suiteOf(result: RunResult): Suite {
  const cases = result.steps.map((step) => stepCase(result, step));
  const failed = result.steps.some((step) => step.outcome === "failed");
  const whole = wholeRun(result);
  if (whole && !failed) cases.push(whole);
  return suite(result, cases, { timestamp: result.started, seconds: result.seconds });
}

function suiteOfNotPlanned(run: NotPlanned): Suite {
  const error = `<error ${attributes({ message: run.because })}>${xmlText(`again    ${run.repeat}`)}</error>`;
  return suite(run, [testCase(run, "can be planned", 0, error)], { seconds: 0 });
}

function suite(
  { scenario, slurm }: Pick<RunResult, "scenario" | "slurm">,
  cases: readonly string[],
  { timestamp, seconds }: { readonly timestamp?: string; readonly seconds: number },
): Suite {
  const count = (pattern: RegExp) => cases.filter((text) => pattern.test(text)).length;
  const counts: Counts = {
    tests: cases.length,
    failures: count(/<failure/),
    errors: count(/<error/),
    skipped: count(/<skipped/),
    time: seconds.toFixed(3),
  };
  const head = { name: `${scenario} on Slurm ${slurm}`, ...(timestamp ? { timestamp } : {}), ...counts };
  const inside = cases.map((text) => `    ${text}`);
  return { counts, lines: [`  <testsuite ${attributes(head)}>`, ...inside, "  </testsuite>"] };
}

function stepCase(result: RunResult, step: StepResult): string {
  const inside =
    step.outcome === "failed"
      ? `<failure ${attributes({ message: result.failure?.message ?? step.sentence })}>${xmlText(details(result))}</failure>`
      : step.outcome === "passed"
        ? ""
        : `<skipped ${attributes({ message: step.because ?? step.outcome })}/>`;
  return testCase(result, step.sentence, step.seconds, inside);
}

/** The case that stands for the run as such: why it was skipped, or broke. */
function wholeRun(result: RunResult): string | undefined {
  const { verdict, failure, because, leftovers, title, seconds } = result;
  if (verdict === "skipped")
    return testCase(result, title, seconds, `<skipped ${attributes({ message: because ?? "" })}/>`);
  if (verdict === "passed" && leftovers.length === 0) return undefined;
  const message = failure?.message ?? `could not be removed: ${leftovers.join(", ")}`;
  return testCase(
    result,
    title,
    seconds,
    `<error ${attributes({ message })}>${xmlText(details(result))}</error>`,
  );
}

function testCase(
  result: Pick<RunResult, "scenario">,
  name: string,
  seconds: number,
  inside: string,
): string {
  const head = `<testcase ${attributes({ classname: result.scenario, name, time: seconds.toFixed(3) })}`;
  return inside ? `${head}>${inside}</testcase>` : `${head}/>`;
}

function details({ failure, clues, repeat }: RunResult): string {
  return [
    failure?.expected && `expected ${failure.expected}`,
    failure?.seen && `seen     ${failure.seen}`,
    failure?.where && `where    ${failure.where}`,
    ...clues.map((clue) => `perhaps  ${clue.cause}`),
    `again    ${repeat}`,
  ]
    .filter(Boolean)
    .join("\n");
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${xmlText(String(value)).replaceAll("\n", "&#10;")}"`)
    .join(" ");
}

/** XML 1.0 has no way to write most control characters: they become a question mark. */
function xmlText(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to go.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "?")
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
  );
}
