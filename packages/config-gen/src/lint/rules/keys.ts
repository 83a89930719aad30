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
import { type KeyUse, keyUses } from "../settings.ts";

/** Unknown, misspelt, misplaced, removed, ignored and deprecated keys, operators, and plain settings given twice. */
export function* keys(subject: Subject): Generator<Problem> {
  const { knowledge } = subject;
  for (const use of keyUses(subject)) {
    // What follows a record's name that is refused itself is no mistake of its own.
    if (use.context !== "" && !findKey(knowledge, use.file, "", use.context)) continue;
    if (use.known) yield* accepted(use, use.known, knowledge);
    else yield* refused(use, knowledge);
  }
  for (const [file, conf] of subject.site.confs) yield* repeated(conf.lines, file, subject.knowledge);
}

/** Plain settings given twice: the last one holds. */
function* repeated(lines: readonly ConfLine[], file: string, knowledge: SlurmKnowledge): Generator<Problem> {
  const seen = new Map<string, ConfLine>();
  for (const line of lines) {
    if (line.record) continue;
    const name = line.key.toLowerCase();
    const before = seen.get(name);
    if (before && findKey(knowledge, file, "", line.key)?.type !== "list") yield twice(before, line);
    seen.set(name, line);
  }
}

function* refused(use: KeyUse, knowledge: SlurmKnowledge): Generator<Problem> {
  const change = changeOf(use, knowledge);
  for (const setting of use.all()) yield unknown(setting, use, knowledge, change);
}

function* accepted(use: KeyUse, known: KnownKey, knowledge: SlurmKnowledge): Generator<Problem> {
  yield* changed(use, known, knowledge);
  for (const setting of use.where(({ value }) => value.includes("="))) {
    const swallowed = /^([A-Za-z]\w*)=/.exec(setting.value)?.[1];
    if (!swallowed || !gap(setting) || !findKey(knowledge, use.file, use.context, swallowed)) continue;
    const message = `${known.name}= has no value, so Slurm takes the next word, ${setting.value}, for it`;
    const hint = `leave ${known.name}= out, or write ${known.name}=""`;
    yield errorAt(setting, { code: "swallowed-key", message, hint }, "key");
  }
  for (const setting of use.where(({ value }) => value.includes('"') && value.split('"').length % 2 === 0)) {
    const message = `the quotation mark of ${known.name} is not closed on its line: a # inside quotes starts a comment, too`;
    yield errorAt(setting, { code: "open-quote", message, hint: "write \\# for a # that is meant" });
  }
  for (const setting of use.where(({ operator }) => operator !== "")) {
    const message = `"${setting.operator}=" is read as "=": what stands above is replaced, not added to`;
    const hint = `write ${known.name}= with the whole value`;
    yield warningAt(setting, { code: "operator", message, hint }, "key");
  }
}

/** Keys that have gone, are on their way out, or that Slurm takes and does nothing with. */
function* changed(use: KeyUse, known: KnownKey, knowledge: SlurmKnowledge): Generator<Problem> {
  const change = changeOf(use, knowledge);
  const message = `Slurm ${knowledge.slurm} takes ${known.name} and does nothing with it`;
  if (!change && known.type !== "ignored") return;
  for (const setting of use.all()) {
    if (change && change.kind !== "ignored" && change.kind !== "deprecated")
      yield errorAt(setting, { code: "removed-key", ...explain(setting, change) }, "key");
    else if (change && !isRefused(setting, use.file, knowledge))
      yield warningAt(setting, { code: `${change.kind}-key`, ...explain(setting, change) }, "key");
    else if (known.type === "ignored")
      yield warningAt(setting, { code: "ignored-key", message, hint: "leave it out" }, "key");
  }
}

/** Whether white space stands between the equals sign and the value. */
function gap({ key, operator, place, valuePlace }: Setting): boolean {
  return (
    place.line !== valuePlace.line || valuePlace.column > place.column + key.length + operator.length + 1
  );
}

/** What has become of a key by this release, from the curated list. */
function changeOf({ file, context, key }: KeyUse, knowledge: SlurmKnowledge): Change | undefined {
  const changes = KEY_CHANGES.get(`${file} ${context.toLowerCase()} ${key.toLowerCase()}`);
  return changes?.findLast((change) => since(knowledge.slurm, change.in));
}

/** Whether the release refuses the value itself (FastSchedule=2), which `options` says. */
function isRefused({ key, value }: Setting, file: string, knowledge: SlurmKnowledge): boolean {
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

function unknown(
  setting: Setting,
  { file, context }: KeyUse,
  knowledge: SlurmKnowledge,
  change: Change | undefined,
): Problem {
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
  const home = elsewhere(setting.key, { knowledge, file, context });
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
function elsewhere(
  name: string,
  { knowledge, file, context }: Pick<KeyUse, "file" | "context"> & { knowledge: SlurmKnowledge },
): string | undefined {
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
