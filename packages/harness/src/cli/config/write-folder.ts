import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type ConfigFile, shownPath } from "@slurmlab/config-gen";
import { LabError, messageOf } from "../../errors/lab-error.ts";

/**
 * Writes files into a folder, flat, by their base names: all of them or none. Gives the names.
 *
 * A folder that has something in it is left alone without `force`. With it a file that is there is replaced, not
 * written into, so that a secret never ends in a file that others may read, nor at the other end of a link.
 */
export function writeFolder(folder: string, files: readonly ConfigFile[], force: boolean): string[] {
  const names = files.map((file) => basename(shownPath(file)));
  const undo: Array<() => void> = [];
  try {
    const there = entriesOf(folder);
    if (there && there.length > 0 && !force) throw notEmpty(folder, there);
    for (const name of names) refuseFolder(join(folder, name));
    makeFolders(folder, undo);
    // Nothing of an earlier run has this name: a pid is this process's own.
    const fresh = (name: string) => join(folder, `.${name}.${process.pid}.new`);
    for (const file of files) {
      const path = fresh(basename(shownPath(file)));
      undo.push(() => rmSync(path, { force: true }));
      // Scripts keep their mode; what is secret is the caller's alone, as the daemons' users are not on this machine.
      writeFileSync(path, file.content, { mode: file.secret ? 0o600 : file.mode, flag: "wx" });
    }
    for (const name of names) renameSync(fresh(name), join(folder, name));
  } catch (error) {
    for (const step of undo.reverse()) attempt(step);
    if (error instanceof LabError) throw error;
    throw new LabError({
      kind: "bad-input",
      message: `${folder} cannot be written`,
      seen: messageOf(error),
      cause: error,
    });
  }
  return names;
}

/** What is in a folder; undefined when there is none. */
function entriesOf(folder: string): string[] | undefined {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (!stat) return undefined;
  if (stat.isDirectory()) return readdirSync(folder);
  throw new LabError({
    kind: "bad-input",
    message: `${folder} is not a folder`,
    expected: "a folder, there or not, to write the files into",
    hint: "another --out",
  });
}

function notEmpty(folder: string, there: readonly string[]): LabError {
  return new LabError({
    kind: "bad-input",
    message: `${folder} is not empty: ${there.slice(0, 5).join(", ")}`,
    hint: "another --out, or --force to write into it",
  });
}

function refuseFolder(path: string): void {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new LabError({
    kind: "bad-input",
    message: `${path} is a folder, and a file of this name is to be written`,
    hint: "another --out, or take it away",
  });
}

/** One by one: Node's own `recursive` never returns where a parent is there and takes no folder, as in /proc. */
function makeFolders(folder: string, undo: Array<() => void>): void {
  const missing: string[] = [];
  for (let path = resolve(folder); !statSync(path, { throwIfNoEntry: false }); path = dirname(path))
    missing.unshift(path);
  for (const path of missing) {
    mkdirSync(path);
    undo.push(() => rmdirSync(path));
  }
}

function attempt(step: () => void): void {
  try {
    step();
  } catch {
    // What could not be undone is not worth more than the error that is told.
  }
}
