import type { RunResult } from "./result.ts";
import { storyOf } from "./story.ts";
import { seconds, spent } from "./summary.ts";

/** The run as Markdown, for the summary of a CI job. */
export function markdown(result: RunResult): string {
  const { verdict, title, failure, clues, steps } = result;
  const passed = steps.filter((step) => step.outcome === "passed").length;
  const facts = [
    `Slurm ${result.slurm}`,
    `${passed} of ${steps.length} steps and checks passed`,
    `${seconds(result.seconds)}: ${spent(result)}`,
  ];
  const rows: Array<[string, string | undefined]> = [
    ["what", failure?.message],
    ["expected", failure?.expected],
    ["seen", failure?.seen],
    ["where", failure?.where],
    ["do", failure?.hint],
    ["skipped", result.because],
    ...clues.map((clue): [string, string] => ["perhaps", `${clue.cause}. ${clue.check}. ${clue.do}`]),
  ];
  const told = rows.filter((row): row is [string, string] => row[1] !== undefined);
  const story = storyOf(result).map(
    ({ at, text }) => `${at === undefined ? "" : `${seconds(at / 1000)} `}${text}`,
  );
  return [
    `### ${verdict}: ${inline(title)}`,
    "",
    facts.join(" · "),
    "",
    ...(told.length === 0 ? [] : ["| | |", "| --- | --- |"]),
    ...told.map(([label, text]) => `| ${label} | ${inline(text)} |`),
    "",
    "<details><summary>What happened</summary>",
    "",
    ...story.map((sentence) => `- ${inline(sentence)}`),
    "",
    "</details>",
    "",
    `\`${result.repeat}\``,
    "",
  ].join("\n");
}

/**
 * Annotations of GitHub Actions (workflow commands), one for a run that did not pass: at the scenario's own line where that is known.
 */
export function annotations(result: RunResult): string[] {
  const { failure, verdict, because, title } = result;
  if (verdict === "skipped") return [command("notice", { title: `skipped: ${title}` }, because ?? "")];
  if (!failure || verdict === "interrupted") return [];
  const place = /^([^\s:]+):(\d+)/.exec(failure.where ?? "");
  const at = place ? { file: place[1] ?? "", line: place[2] ?? "" } : {};
  const body = [
    failure.message,
    failure.expected && `expected ${failure.expected}`,
    failure.seen && `seen ${failure.seen}`,
    ...result.clues.map((clue) => `perhaps ${clue.cause}`),
  ];
  return [command("error", { ...at, title: `${verdict}: ${title}` }, body.filter(Boolean).join("\n"))];
}

function command(name: string, values: Readonly<Record<string, string>>, message: string): string {
  const list = Object.entries(values).map(
    ([key, value]) => `${key}=${data(value).replaceAll(":", "%3A").replaceAll(",", "%2C")}`,
  );
  return `::${name} ${list.join(",")}::${data(message)}`;
}

/** What ends a workflow command, or one of its values, is written in percent. */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** One line of Markdown that is nothing but text: a table's bars, tags and code are escaped. */
function inline(text: string): string {
  return text
    .replaceAll("\\", "\\\\")
    .replaceAll(/[|`*_<>[\]]/g, (sign) => `\\${sign}`)
    .replaceAll("\n", "<br>");
}
