import { parseRecords } from "../../src/slurm/records.ts";

/** `scontrol show config` as a map of lower-case keys; `SlurmctldHost[0]` and its like are lists under one key. */
export function parseShownConfig(text: string): Map<string, string> {
  const shown = new Map<string, string>();
  for (const line of text.split("\n")) {
    const match = /^(\S+?)(?:\[\d+\])?\s*=\s?(.*)$/.exec(line);
    if (!match) continue;
    const [, key = "", value = ""] = match;
    const before = shown.get(key.toLowerCase());
    // The cgroup part at the end repeats no key of slurm.conf.
    shown.set(key.toLowerCase(), before === undefined ? value.trim() : `${before},${value.trim()}`);
  }
  return shown;
}

/** One way in which Slurm prints a value otherwise than it was written. */
interface Reading {
  readonly why: string;
  readonly same: (written: string, shown: string, key: string) => boolean;
}

const READINGS: readonly Reading[] = [
  { why: "case does not matter", same: (a, b) => a.toLowerCase() === b.toLowerCase() },
  {
    why: "a unit is printed behind a number",
    same: (a, b) => b.replace(/ (sec|min|usec|days|bytes|MB)$/, "") === a,
  },
  {
    why: "the order of a list is Slurm's own, and it adds what an element implies",
    same: (a, b, key) =>
      LISTS.has(key) &&
      a
        .toLowerCase()
        .split(",")
        .every((word) => b.toLowerCase().split(",").includes(word)),
  },
  {
    why: "durations are printed in full",
    same: (a, b) => seconds(a) !== undefined && seconds(a) === seconds(b),
  },
  {
    why: "nothing is printed as (null) or NONE",
    same: (a, b) => /^(none|-1|)$/i.test(a) && /^(\(null\)|none|)$/i.test(b),
  },
  { why: "users are printed with their number", same: (a, b) => b.replace(/\(\d+\)$/, "") === a },
  {
    why: "switches are printed as words",
    same: (a, b) => /^(yes|1|true|up)$/i.test(a) && /^(yes|1)$/i.test(b),
  },
  {
    why: "switches are printed as words",
    same: (a, b) => /^(no|0|false|down)$/i.test(a) && /^(no|0)$/i.test(b),
  },
  { why: "debug levels are printed as words", same: (a, b) => LEVELS[Number(a)] === b.toLowerCase() },
];

const LISTS = new Set([
  "accountingstorageenforce",
  "accountingstoragetres",
  "accountingstoreflags",
  "debugflags",
  "healthchecknodestate",
  "prologflags",
  "selecttypeparameters",
  "slurmctldhost",
]);

const LEVELS = [
  "quiet",
  "fatal",
  "error",
  "info",
  "verbose",
  "debug",
  "debug2",
  "debug3",
  "debug4",
  "debug5",
];

/** Slurm's two ways to write a duration, `16-0` and `25:00`, and the one in which it prints them. */
function seconds(text: string): number | undefined {
  const days = /^(\d+)-(\d+)(?::(\d+))?(?::(\d+))?$/.exec(text);
  if (days) return [86_400, 3600, 60, 1].reduce((sum, unit, i) => sum + unit * Number(days[i + 1] ?? 0), 0);
  const parts = /^\d+(:\d+){0,2}$/.test(text) ? text.split(":").map(Number) : undefined;
  if (!parts) return undefined;
  const [a = 0, b = 0, c = 0] = parts;
  return parts.length === 3 ? a * 3600 + b * 60 + c : a * 60 + b;
}

/** Whether Slurm understood what was written. */
export function understood(key: string, written: string, shown: ReadonlyMap<string, string>): boolean {
  const name = key.toLowerCase();
  // These two are gathered under a key of their own (slurm_sprint_jobs_defaults).
  if (/^def(cpu|mem)pergpu$/.test(name))
    return new RegExp(`${name}=${written}(,|$)`, "i").test(shown.get("jobdefaults") ?? "");
  const value = shown.get(name);
  return value !== undefined && READINGS.some((reading) => reading.same(written, value, name));
}

/** Nodes as `scontrol -o show node` prints them, by name. */
export function parseShownNodes(text: string) {
  return new Map(parseRecords(text).map((node) => [node.get("NodeName") ?? "", node]));
}
