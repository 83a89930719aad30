import type { Problem } from "../../problem.ts";
import { settingOf, textOf } from "../../read/site.ts";
import { type SiteFile, shownName } from "../../read/site-files.ts";
import { since } from "../../slurm/version.ts";
import { type Subject, warningAt } from "../rule.ts";

/** Files with secrets that others can read, or that the daemons refuse for their mode; passwords in an open file. */
export function* secrets({ site, knowledge, users }: Subject): Generator<Problem> {
  for (const file of site.files.values()) {
    if (file.name === "slurmdbd.conf") yield* slurmdbdConf(file, knowledge.slurm);
    else if (isKey(file.name)) yield* key(file);
  }
  const password = settingOf(site, "AccountingStoragePass");
  if (password && !/^\//.test(password.value)) {
    const message = "slurm.conf is for everyone to read, and this is a password (or a munge socket's path)";
    yield warningAt(password, {
      code: "open-secret",
      message,
      hint: "leave it out: slurmdbd knows the password",
    });
  }
  const user = textOf(site, "SlurmUser", "slurmdbd.conf") ?? textOf(site, "SlurmUser") ?? "root";
  const dbd = site.files.get("slurmdbd.conf");
  if (!dbd?.owner || dbd.owner === user || !users.has(user)) return;
  const root = since(knowledge.slurm, "26.05") ? " or root" : "";
  yield ofFile("error", dbd, {
    code: "file-owner",
    message: `slurmdbd.conf belongs to ${dbd.owner}; slurmdbd starts only when it belongs to ${user}${root}`,
    hint: `chown ${user} ${shownName(dbd)}`,
  });
}

/** Whether a file is a key by its name: munge.key, slurm.key, jwt_hs256.key, slurm.jwks. */
function isKey(name: string): boolean {
  return /(\.key|\.jwks|\.pem|_key)$/i.test(name);
}

function* slurmdbdConf(file: SiteFile, slurm: string): Generator<Problem> {
  if (file.mode === undefined) return;
  const mode = (file.mode & 0o777).toString(8);
  const group = since(slurm, "26.05");
  if (mode === "600" || (group && mode === "640")) return;
  yield ofFile("error", file, {
    code: "file-mode",
    message: `slurmdbd.conf has mode ${mode}, and slurmdbd ${slurm} does not start with that`,
    hint: `chmod 600 ${shownName(file)}`,
    says: group
      ? `slurmdbd.conf file ${shownName(file)} should be 600 or 640 but is ${mode}`
      : `slurmdbd.conf file ${shownName(file)} should be 600 is ${mode} accessible for group or others`,
  });
}

function* key(file: SiteFile): Generator<Problem> {
  if (file.mode === undefined || (file.mode & 0o077) === 0) return;
  const mode = (file.mode & 0o777).toString(8);
  const message = `${file.name} is a secret, and its mode ${mode} lets others read it`;
  yield ofFile("error", file, { code: "file-mode", message, hint: `chmod 600 ${shownName(file)}` });
}

function ofFile(
  severity: Problem["severity"],
  file: SiteFile,
  finding: { code: string; message: string; hint: string; says?: string },
): Problem {
  return { severity, path: file.name, place: { file: shownName(file), line: 1, column: 1 }, ...finding };
}
