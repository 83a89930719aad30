import type { Place, Problem } from "../problem.ts";
import { since } from "../slurm/version.ts";
import { type IncludeLine, includeOf, resolveInclude } from "./include.ts";
import { type KeyValues, keyValueAt, keyValues } from "./key-values.ts";
import { isBlank, type LogicalLine, logicalLines, trimmedEnd } from "./logical-lines.ts";
import { PlacedLine } from "./placed.ts";
import { recordsOf } from "./records.ts";
import { type SiteFiles, shownName } from "./site-files.ts";

/** One `Key=Value`, wherever it stands. */
export interface Said {
  /** As written: Slurm does not mind the case. */
  readonly key: string;
  /** `+`, `-`, `*` or `/` before the equals sign, or nothing. */
  readonly operator: string;
  readonly value: string;
}

/** The same in its place. */
export interface Setting extends Said {
  readonly place: Place;
  readonly valuePlace: Place;
}

/** A line: one setting, or a record (`NodeName=...`) with settings of its own. */
export interface ConfLine extends Setting {
  /** The rest of a record's line; empty for a plain setting. */
  readonly attributes: readonly Setting[];
  /** The same without places: one for all lines of a file that go on alike, and most of a large site's nodes do. */
  readonly rest: KeyValues;
  readonly record: boolean;
}

export interface ParsedConf {
  readonly lines: readonly ConfLine[];
  readonly problems: readonly Problem[];
}

/** Slurm has no limit; a file that includes itself would be read for ever. */
const MAX_DEPTH = 16;
/** Files that include others twice, which do so too, are soon more than anybody can read. */
const MAX_INCLUDES = 1000;
const MAX_PROBLEMS = 1000;

/** Reads one file of a site with what it includes, in the order in which Slurm would. Never throws. */
export function parseConf(files: SiteFiles, name: string, slurm: string): ParsedConf {
  const kind = name.split("/").at(-1) ?? name;
  const state: State = {
    files,
    slurm,
    root: name,
    records: recordsOf(kind),
    lines: [],
    problems: [],
    rests: new Map(),
    clusterName: undefined,
    includes: 0,
  };
  readFile(name, [], state);
  return { lines: state.lines, problems: state.problems };
}

interface State {
  readonly files: SiteFiles;
  readonly slurm: string;
  readonly root: string;
  readonly records: ReadonlySet<string>;
  readonly lines: ConfLine[];
  readonly problems: Problem[];
  /** What follows the first key of a record, by its text. */
  readonly rests: Map<string, KeyValues>;
  clusterName: string | undefined;
  includes: number;
}

function readFile(name: string, above: readonly string[], state: State): void {
  const file = state.files.get(name);
  if (!file) return;
  const shown = shownName(file);
  for (const line of logicalLines(file.content)) {
    if (state.problems.length >= MAX_PROBLEMS) return;
    const target = includeOf(line.text);
    if (target) followInclude(target, { line, shown, name, above }, state);
    else readLine(line, shown, state);
  }
}

interface IncludingLine {
  readonly line: LogicalLine;
  readonly shown: string;
  readonly name: string;
  readonly above: readonly string[];
}

function followInclude(target: IncludeLine, from: IncludingLine, state: State): void {
  const { line, shown, name, above } = from;
  const place = { file: shown, ...line.placeAt(target.pathAt) };
  const failed = `"Include" failed in file ${name} line ${line.line}`;
  const refuse = (message: string, hint: string, says = failed) =>
    state.problems.push({ severity: "error", code: "include", path: "Include", message, hint, says, place });
  if (target.path.includes("*")) {
    const glob = since(state.slurm, "22.05");
    refuse(
      `Slurm does not expand "*" in an Include, so ${target.path} is not read`,
      "name each file",
      glob
        ? `Slurm does not support glob parsing. ${target.path} from ${name} will be skipped over. If this expected, ignore this message and set DebugFlags=GLOB_SILENCE in your slurm.conf.`
        : failed,
    );
    return;
  }
  if (target.path.includes("%c") && state.clusterName === undefined) {
    const hint = "set ClusterName above this line";
    refuse(
      "%c stands for ClusterName, which is not set yet",
      hint,
      "Did not get ClusterName for include path",
    );
    return;
  }
  const path = target.path.replaceAll("%c", (state.clusterName ?? "").toLowerCase());
  const base = since(state.slurm, "24.11") ? state.root : name;
  const found = resolveInclude(state.files, path, base);
  if (!found) {
    const hint =
      "the daemon looks for it for 60 seconds and then gives up; put the file there or drop the line";
    refuse(`the included file ${path} is not in this folder`, hint);
    return;
  }
  if (found === name || above.includes(found) || above.length >= MAX_DEPTH) {
    refuse(`${found} includes itself: ${[...above, name, found].join(" > ")}`, "break the circle");
    return;
  }
  if (++state.includes > MAX_INCLUDES) {
    if (state.includes === MAX_INCLUDES + 1)
      refuse(`more than ${MAX_INCLUDES} files are included`, "include each file once");
    return;
  }
  readFile(found, [...above, name], state);
  if (!isBlank(target.rest)) leftOver(line, target.pathAt + target.path.length, shown, state);
}

function readLine(line: LogicalLine, shown: string, state: State): void {
  const first = keyValueAt(line.text, 0);
  if (!first) {
    leftOver(line, 0, shown, state);
    return;
  }
  const key = first.key.toLowerCase();
  const record = state.records.has(key);
  const after = line.text.slice(first.end);
  const rest = record ? restOf(after, state) : NO_REST;
  state.lines.push(new PlacedLine(first, { line, shown }, record, rest));
  if (key === "clustername") state.clusterName = first.value;
  if (!record && !isBlank(after)) leftOver(line, first.end, shown, state);
  if (rest.garbageAt !== undefined) leftOver(line, first.end + rest.garbageAt, shown, state);
}

const NO_REST: KeyValues = { pairs: [] };

function restOf(text: string, state: State): KeyValues {
  const made = state.rests.get(text);
  if (made) return made;
  const rest = keyValues(text, 0);
  state.rests.set(text, rest);
  return rest;
}

/** What no `Key=Value` could be made of; the daemon stops at it. */
function leftOver(line: LogicalLine, at: number, shown: string, state: State): void {
  const rest = trimmedEnd(line.text.slice(at));
  const offset = at + rest.search(/[^ \t\n\v\f\r]/);
  const text = line.text.slice(offset, at + rest.length);
  const short = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  state.problems.push({
    severity: "error",
    code: "parse",
    path: "",
    place: { file: shown, ...line.placeAt(offset) },
    says: `Parse error in file ${shown} line ${line.line}: "${withoutLineEnd(line.text.slice(at))}"`,
    ...explain(text, short, at),
  });
}

function withoutLineEnd(text: string): string {
  let end = text.length;
  while (text[end - 1] === "\r") end--;
  return text.slice(0, end);
}

function explain(text: string, short: string, at: number): { message: string; hint: string } {
  if (text.startsWith("\uFEFF"))
    return {
      message: "the file starts with a UTF-8 byte order mark, which Slurm takes for text",
      hint: "save it as UTF-8 without one",
    };
  const empty = /^([A-Za-z0-9_.]+)\s*[-*+/]?=\s*$/.exec(text)?.[1];
  if (empty)
    return {
      message: `${empty} has no value`,
      hint: 'leave the line out, or write a value ("" for an empty one)',
    };
  if (/^include\s/i.test(text))
    return {
      message: "Include has to be at the very start of the line",
      hint: "take away the space before it",
    };
  if (/^[A-Za-z0-9_.]+\s*=\s*"/.test(text))
    return {
      message: `a quote is not closed, or something follows it: ${short}`,
      hint: 'Key="a value" and then a space',
    };
  return at > 0
    ? {
        message: `"${short}" is left over after the setting`,
        hint: 'one setting a line; quote a value with spaces ("a b")',
      }
    : {
        message: `expected Key=Value, seen "${short}"`,
        hint: "is this a Slurm configuration? comments start with #",
      };
}
