import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pageOfRun } from "../report/page/of-run.ts";
import { renderPage } from "../report/page/page.ts";
import type { RunRecord } from "../report/record.ts";

/** Writes report.json and report.html; resolves to the page's path, as it is printed. */
export async function writeReports(record: RunRecord, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "report.json"), `${JSON.stringify(record.result, null, 2)}\n`);
  const page = join(folder, "report.html");
  writeFileSync(page, await renderPage(pageOfRun(record)));
  return page;
}
