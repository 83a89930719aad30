import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { readSite, type Site, type SiteFile, type SiteFiles } from "../../src/index.ts";
import { type ParsedConf, parseConf } from "../../src/read/conf-file.ts";

/** A folder of `test/sites` or `test/sites-odd`. */
export interface CorpusSite {
  readonly name: string;
  readonly slurm: string;
  readonly files: SiteFiles;
}

/** Files by name, from their texts. */
export function filesOf(texts: Readonly<Record<string, string>>): SiteFiles {
  return new Map(Object.entries(texts).map(([name, content]) => [name, { name, content }]));
}

/** slurm.conf as this text, read. */
export function conf(text: string, slurm = "24.11"): ParsedConf {
  return parseConf(filesOf({ "slurm.conf": text }), "slurm.conf", slurm);
}

/** A site of these files; a bare text is slurm.conf. */
export function siteOf(texts: string | Readonly<Record<string, string>>, slurm = "24.11"): Site {
  const { site, problems } = readSite(
    filesOf(typeof texts === "string" ? { "slurm.conf": texts } : texts),
    slurm,
  );
  if (!site) throw new Error(problems.map((problem) => problem.message).join("\n"));
  return site;
}

/** Every real and odd site. */
export const CORPUS: readonly CorpusSite[] = ["sites", "sites-odd"].flatMap((folder) => {
  const top = join(import.meta.dirname, "..", folder);
  const sites = readdirSync(top, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return sites.map(({ name: site }) => {
    const files = filesIn(join(top, site));
    const about = JSON.parse(files.get("SITE.json")?.content ?? "{}") as { slurm: string };
    files.delete("SITE.json");
    return { name: `${folder}/${site}`, slurm: about.slurm, files };
  });
});

/** A folder as it is. */
export function filesIn(folder: string): Map<string, SiteFile> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  // As the command line reads them: a byte order mark stays.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return new Map(
    names.sort().map((path) => {
      const name = relative(folder, path);
      return [name, { name, content: decoder.decode(readFileSync(path)) }];
    }),
  );
}
