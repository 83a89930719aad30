import { appendFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { LabError, messageOf } from "../errors/lab-error.ts";
import { makeFolder } from "../evidence/make-folder.ts";
import { annotations, markdown } from "../report/github.ts";
import { junitXml } from "../report/junit.ts";
import { pageOfRun } from "../report/page/of-run.ts";
import { renderPage } from "../report/page/page.ts";
import type { RunRecord } from "../report/record.ts";

/** Where a run's report goes beside its own folder. */
export interface ReportOptions {
  /** JUnit XML: a path from where the command was typed. */
  readonly junit?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** Prints a line of annotation. */
  readonly annotate: (line: string) => void;
}

/**
 * Writes report.json and report.html, and what a CI job wants: JUnit XML where it is asked for, Markdown into
 * `$GITHUB_STEP_SUMMARY`, annotations where GITHUB_ACTIONS is set. Resolves to the page's path, as it is printed.
 */
export async function writeReports(
  record: RunRecord,
  folder: string,
  options: ReportOptions,
): Promise<string> {
  const { result } = record;
  const { junit, env, annotate } = options;
  makeFolder(folder);
  writeFileSync(join(folder, "report.json"), `${JSON.stringify(result, null, 2)}\n`);
  const page = join(folder, "report.html");
  writeFileSync(page, await renderPage(pageOfRun(record)));
  if (junit !== undefined) writeJunit(junit, [result], env);
  if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, markdown(result));
  if (env.GITHUB_ACTIONS) for (const line of annotations(result)) annotate(line);
  return page;
}

/** JUnit XML of runs, to a path from where the command was typed. */
export function writeJunit(path: string, runs: Parameters<typeof junitXml>[0], env: NodeJS.ProcessEnv): void {
  const file = resolve(env.INIT_CWD ?? ".", path);
  makeFolder(dirname(file));
  writeFileSync(file, junitXml(runs));
}

/** The file of before is replaced by one without a run, so that none can pass for this one's. Throws where that cannot be. */
export function beginJunit(path: string, env: NodeJS.ProcessEnv): void {
  try {
    writeJunit(path, [], env);
  } catch (error) {
    throw new LabError({
      kind: "bad-input",
      message: `--junit ${path} cannot be written`,
      seen: messageOf(error),
      hint: "name a file in a folder that you may write to",
    });
  }
}
