import { statSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Command } from "commander";
import { LabError } from "../../errors/lab-error.ts";
import { readLogFolder } from "../../logs/folder.ts";
import { diagnose } from "../../report/diagnosis.ts";
import { environment } from "../../report/environment.ts";
import { tellDiagnosis } from "../diagnosis.ts";
import { VERSION } from "../project.ts";
import { terminal } from "../terminal.ts";

export const EXITS = "Exit codes: 0 none of the known symptoms was found, 1 some were, 2 bad input.";

export function diagnoseCommand(program: Command, setExit: (code: number) => void): void {
  program
    .command("diagnose")
    .description("look through logs from anywhere for known symptoms; needs no container engine")
    .argument(
      "<folder>",
      "a folder with slurmctld.log, slurmd*.log, slurmdbd.log, or lines of syslog, in any layout",
    )
    .option("--json", "print what was found as JSON")
    .addHelpText(
      "after",
      `\nExamples:\n  pnpm diagnose /var/log/slurm\n  pnpm diagnose ./logs-of-friday --json\n\n${EXITS}`,
    )
    .action(async (folder: string, options: { json?: boolean }) => setExit(await ofFolder(folder, options)));
}

async function ofFolder(typed: string, options: { json?: boolean }): Promise<number> {
  const out = terminal(options);
  const folder = resolve(process.env.INIT_CWD ?? ".", typed);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new LabError({
      kind: "bad-input",
      message: `no folder "${typed}"`,
      expected: "a folder with logs",
      seen: folder,
    });
  const { files, others, notAfter } = readLogFolder(folder);
  if (files.length === 0) {
    throw new LabError({
      kind: "bad-input",
      message: `${typed} has no log of a daemon that is known`,
      expected: "slurmctld.log, slurmd*.log, slurmdbd.log, munged.log, or lines as syslog writes them",
      seen: others.length === 0 ? "an empty folder" : others.slice(0, 5).join(", "),
      hint: "unpack what is packed (.gz); journalctl -u slurmctld -u slurmd > journal.log writes lines as syslog",
    });
  }
  if (others.length > 0)
    out.note(
      `not read: ${others.slice(0, 8).join(", ")}${others.length > 8 ? ` and ${others.length - 8} more` : ""}`,
    );
  const name = relative(process.env.INIT_CWD ?? ".", folder) || ".";
  const found = diagnose(name, files, {
    reading: { notAfter },
    environment: environment(VERSION),
    repeat: `pnpm diagnose ${typed}`,
  });
  return await tellDiagnosis(found, options, out);
}
