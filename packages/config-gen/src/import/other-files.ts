import type { ConfLine } from "../read/conf-file.ts";
import { isSecret } from "../read/secrets.ts";
import { CONF_FILES, type Site } from "../read/site.ts";
import type { Note } from "./note.ts";
import { quoted } from "./quote.ts";

/** Files that are no lists of `Key=Value`, and are kept as they stand. */
const TEXTS = ["plugstack.conf", "topology.yaml", "job_submit.lua", "cli_filter.lua"];

/** Every file but those that are done already, as they stand, without what may be a secret. */
export function otherFiles(site: Site, done: readonly string[], notes: Note[]): Record<string, string> {
  const files: Record<string, string> = {};
  for (const name of [...CONF_FILES, ...TEXTS]) {
    const file = site.files.get(name);
    if (!file || done.includes(name)) continue;
    const lines = site.confs.get(name)?.lines;
    const kept = lines ? confText(file.content, lines, name) : withoutLiterals(file.content);
    if (kept !== file.content) {
      const secret = SECRET.test(file.content);
      const why = secret ? "a secret is never copied" : "its includes stand in it now";
      notes.push({ kind: secret ? "left-out" : "replaced", what: `a line of ${name}`, why });
    }
    files[name] = kept;
  }
  return files;
}

/** What looks like a secret, wherever it stands: a comment can hold last year's password. */
const SECRET = /(?:pass|password|secret|token)[ \t]*[-+*/]?=/i;

/** As it stands, unless something has to go or another file to come in: then line by line, as Slurm reads it. */
function confText(content: string, lines: readonly ConfLine[], name: string): string {
  const own = lines.every((line) => line.place.file === lines[0]?.place.file);
  if (own && !SECRET.test(content) && !/^include[ \t]/im.test(content)) return content;
  const kept = lines.filter((line) => !isSecret(line.key));
  return [`# ${name}, without comments`, ...kept.map(lineText), ""].join("\n");
}

function lineText(line: ConfLine): string {
  return [line, ...line.attributes.filter((each) => !isSecret(each.key))]
    .map(({ key, operator, value }) => `${key}${operator}=${quoted(value)}`)
    .join(" ");
}

/** A program's text, `password = "..."` in it emptied, so that it is still one. */
export function withoutLiterals(text: string): string {
  return text.replace(
    /((?:pass|password|secret|token)[ \t]*=[ \t]*)(?:"[^"\n]*"|'[^'\n]*'|\[\[[^\]]*\]\])/gi,
    '$1""',
  );
}

/** Keys and tokens are files of their own. */
export function secretFiles(site: Site): Note[] {
  const names = [...site.files.keys()].filter((name) => /(\.key|\.jwks|\.pem|_key)$/i.test(name));
  const why = "a secret is never copied; a cluster gets keys of its own";
  return names.map((what) => ({ kind: "left-out", what, why }));
}
