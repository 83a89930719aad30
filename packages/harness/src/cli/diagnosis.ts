import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { EXIT } from "../errors/lab-error.ts";
import { makeFolder } from "../evidence/make-folder.ts";
import { type Diagnosis, formatDiagnosis } from "../report/diagnosis.ts";
import type { PageContent } from "../report/page/content.ts";
import { renderPage } from "../report/page/page.ts";
import { OUTPUT_FOLDER } from "./project.ts";
import type { Terminal } from "./terminal.ts";

/** Prints what was found and writes its page. Resolves to the exit code: clues are a find, as with grep turned round. */
export async function tellDiagnosis(
  found: { readonly diagnosis: Diagnosis; readonly page: PageContent },
  options: { readonly json?: boolean },
  out: Terminal,
): Promise<number> {
  const { diagnosis, page } = found;
  const folder = join(OUTPUT_FOLDER, "diagnoses");
  const file = join(
    folder,
    `${diagnosis.of.replaceAll(/[^\w-]+/g, "-").replace(/^-|-$/g, "") || "here"}.html`,
  );
  makeFolder(folder);
  writeFileSync(file, await renderPage(page));
  out.print(
    options.json ? JSON.stringify({ ...diagnosis, page: file }, null, 2) : formatDiagnosis(diagnosis),
  );
  out.note(`\nreport         ${file}`);
  return diagnosis.clues.length > 0 ? EXIT.failed : EXIT.ok;
}
