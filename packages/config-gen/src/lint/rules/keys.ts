import {
  CHANGES,
  type Change,
  findKey,
  type KnownKey,
  keyHistory,
  type SlurmKnowledge,
} from "../../knowledge/knowledge.ts";
import { nearest } from "../../nearest.ts";
import type { Problem } from "../../problem.ts";
import type { ConfLine, Setting } from "../../read/conf-file.ts";
import { since } from "../../slurm/version.ts";
import { errorAt, type Subject, warningAt } from "../rule.ts";
import { settingsOf } from "../settings.ts";

/** Unknown, misspelt, misplaced, removed, ignored and deprecated keys, operators, and plain settings given twice. */
export function* keys(subject: Subject): Generator<Problem> {
  const { knowledge } = subject;
  for (const { setting, file, context, known } of settingsOf(subject)) {
    // What follows a record's name that is refused itself is no mistake of its own.
    if (context === "" || findKey(knowledge, file, "", context))
      yield* key(setting, { knowledge, file, context, known });
  }
  for (const [file, conf] of subject.site.confs) yield* repeated(conf.lines, file, subject.knowledge);
}

/** Plain settings given twice: the last one holds. */
function* repeated(lines: readonly ConfLine[], file: string, knowledge: SlurmKnowledge): Generator<Problem> {
  const seen = new Map<string, ConfLine>();
  for (const line of lines.filter((each) => !each.record)) {
    const name = line.key.toLowerCase();
    const before = seen.get(name);
    if (before && findKey(knowledge, file, "", line.key)?.type !== "list") yield twice(before, line);
    seen.set(name, line);
  }
}

interface Where {
  readonly knowledge: SlurmKnowledge;
  readonly file: string;
  readonly context: string;
  readonly known: KnownKey | undefined;
}

function* key(setting: Setting, where: Where): Generator<Problem> {
  const { knowledge, file, context, known } = where;
  const change = changeOf(setting, where);
  if (!known) {
    yield unknown(setting, where, change);
    return;
  }
  if (change && change.kind !== "ignored" && change.kind !== "deprecated") {
    yield errorAt(setting, { code: "removed-key", ...explain(setting, change) }, "key");
  } else if (change && !isRefused(setting, where)) {
    yield warningAt(setting, { code: `${change.kind}-key`, ...explain(setting, change) }, "key");
  } else if (known.type === "ignored") {
    const message = `Slurm ${knowledge.slurm} takes ${known.name} and does nothing with it`;
    yield warningAt(setting, { code: "ignored-key", message, hint: "leave it out" }, "key");
  }
  const swallowed = /^([A-Za-z]\w*)=/.exec(setting.value)?.[1];
  if (swallowed && gap(setting) && findKey(knowledge, file, context, swallowed)) {
    const message = `${known.name}= has no value, so Slurm takes the next word, ${setting.value}, for it`;
    const hint = `leave ${known.name}= out, or write ${known.name}=""`;
    yield errorAt(setting, { code: "swallowed-key", message, hint }, "key");
  }
  if ((setting.value.split('"').length - 1) % 2 === 1) {
    const message = `the quotation mark of ${known.name} is not closed on its line: a # inside quotes starts a comment, too`;
    yield errorAt(setting, { code: "open-quote", message, hint: "write \\# for a # that is meant" });
  }
  if (setting.operator !== "") {
    const message = `"${setting.operator}=" is read as "=": what stands above is replaced, not added to`;
    yield warningAt(
      setting,
      { code: "operator", message, hint: `write ${known.name}= with the whole value` },
      "key",
    );
  }
}

/** Whether white space stands between the equals sign and the value. */
function gap({ key, operator, place, valuePlace }: Setting): boolean {
  return (
    place.line !== valuePlace.line || valuePlace.column > place.column + key.length + operator.length + 1
  );
}

/** What has become of a key by this release, from the curated list. */
function changeOf(setting: Setting, { knowledge, file, context }: Where): Change | undefined {
  const changes = KEY_CHANGES.get(`${file} ${context.toLowerCase()} ${setting.key.toLowerCase()}`);
  return changes?.findLast((change) => since(knowledge.slurm, change.in));
}

/** Whether the release refuses the value itself (FastSchedule=2), which `options` says. */
function isRefused({ key, value }: Setting, { knowledge, file }: Where): boolean {
  return CHANGES.some(
    (change) =>
      change.kind === "value-removed" &&
      change.file === file &&
      change.key.toLowerCase() === key.toLowerCase() &&
      change.value?.toLowerCase() === value.toLowerCase() &&
      since(knowledge.slurm, change.in),
  );
}

/** Changes of whole keys, by file, context and key. */
const KEY_CHANGES: ReadonlyMap<string, readonly Change[]> = Map.groupBy(
  CHANGES.filter((change) => change.value === undefined),
  (change) => `${change.file} ${change.context.toLowerCase()} ${change.key.toLowerCase()}`,
);

/** Keys that a release has and its packages were not built for, until they were removed. Tried on the daemons. */
const UNBUILT: ReadonlyMap<string, { message: string; hint: string; says: string }> = new Map([
  [
    "frontendname",
    {
      message: "FrontendName needs a Slurm built with --enable-front-end, which packages are not",
      hint: "Write NodeName lines; slurmds that share a host need --enable-multiple-slurmd.",
      says: "Use of FrontendName in slurm.conf without Slurm being configured/built with the --enable-front-end option",
    },
  ],
]);

function unknown(setting: Setting, where: Where, change: Change | undefined): Problem {
  const { knowledge, file, context } = where;
  const says = `Parsing error at unrecognized key: ${setting.key}`;
  if (change) return errorAt(setting, { code: "removed-key", says, ...explain(setting, change) }, "key");
  const unbuilt = file === "slurm.conf" && UNBUILT.get(setting.key.toLowerCase());
  if (unbuilt) return errorAt(setting, { code: "unbuilt-key", ...unbuilt }, "key");
  const history = keyHistory(file, context, setting.key).in;
  if (history.length > 0) {
    const older = !since(history[0] ?? "", knowledge.slurm);
    const message = older
      ? `${setting.key} is gone from Slurm ${knowledge.slurm}; ${history.at(-1)} had it`
      : `Slurm ${knowledge.slurm} does not know ${setting.key} yet; ${history[0]} does`;
    return errorAt(
      setting,
      { code: older ? "removed-key" : "unknown-key", message, says, hint: "leave it out for this release" },
      "key",
    );
  }
  const home = elsewhere(setting.key, where);
  const names = Object.keys(contextKeys(knowledge, file, context));
  const near = home ? undefined : nearest(setting.key, names);
  const inside = context === "" ? file : `a ${context} line of ${file}`;
  const message = home
    ? `${setting.key} does not belong in ${inside}`
    : `Slurm ${knowledge.slurm} knows no ${setting.key} in ${inside}`;
  const hint = home ?? (near ? `did you mean ${near}?` : "leave it out, or see whether it is another file's");
  return errorAt(setting, { code: home ? "misplaced-key" : "unknown-key", message, hint, says }, "key");
}

/** Where the same key is at home. */
function elsewhere(name: string, { knowledge, file, context }: Where): string | undefined {
  for (const [otherFile, contexts] of Object.entries(knowledge.files)) {
    for (const other of Object.keys(contexts)) {
      if (otherFile === file && other.toLowerCase() === context.toLowerCase()) continue;
      if (!findKey(knowledge, otherFile, other, name)) continue;
      const line = other === "" ? "on a line of its own" : `on a ${other} line`;
      return otherFile === file ? `it goes ${line}` : `it goes into ${otherFile}, ${line}`;
    }
  }
  return undefined;
}

function contextKeys(knowledge: SlurmKnowledge, file: string, context: string) {
  const contexts = Object.entries(knowledge.files[file] ?? {});
  return contexts.find(([name]) => name.toLowerCase() === context.toLowerCase())?.[1] ?? {};
}

function explain(setting: Setting, change: Change): { message: string; hint?: string; says?: string } {
  const verbs = {
    removed: "was removed in",
    renamed: "was renamed in",
    ignored: "has no effect since",
    deprecated: "is deprecated since",
    "value-removed": "was removed in",
    "value-deprecated": "is deprecated since",
  };
  return {
    message: `${setting.key} ${verbs[change.kind]} Slurm ${change.in}`,
    ...(change.instead ? { hint: change.instead } : {}),
    ...(change.says
      ? { says: change.says.replaceAll("{key}", setting.key).replaceAll("{value}", setting.value) }
      : {}),
  };
}

function twice(before: ConfLine, line: ConfLine): Problem {
  const { file, line: number } = before.place;
  const same = before.value === line.value;
  const message = `${line.key} is set twice, also in ${file}:${number}${same ? "" : ` (${before.value})`}; this one holds`;
  return warningAt(
    line,
    {
      code: "set-twice",
      message,
      hint: "keep one of them",
      says: `${before.key} 1 specified more than once, latest value used`,
    },
    "key",
  );
}
