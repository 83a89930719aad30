import { compressHostlist } from "@slurmlab/config-gen";
import type { JournalEntry } from "../journal/event.ts";

/** How a state is shown: all well, at work, waiting, doubtful, wrong, or ended as it should. */
export type Tone = "good" | "busy" | "wait" | "warn" | "bad" | "done";

/** A stretch of time in one state; `from` and `to` in milliseconds since the run's start. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly state: string;
  /** Slurm's reason, or what was seen. */
  readonly why?: string;
  readonly tone: Tone;
}

export interface Lane {
  readonly name: string;
  readonly segments: readonly Segment[];
}

export interface Timeline {
  readonly from: number;
  readonly to: number;
  readonly steps: ReadonlyArray<Segment & { readonly step: number }>;
  readonly faults: readonly Segment[];
  readonly nodes: readonly Lane[];
  readonly daemons: readonly Lane[];
  readonly jobs: readonly Lane[];
  /** Jobs beyond the most that are shown. */
  readonly moreJobs: number;
}

/** More lanes than this nobody reads. */
const MOST_JOBS = 60;

/** Everything that has a length, from the first of it to the end of the checks: before, images and nodes are made. */
export function timelineOf(journal: readonly JournalEntry[]): Timeline {
  const shown = journal.filter((entry) => entry.at >= 0);
  const from = shown.find((entry) => MARKED.test(entry.kind))?.at ?? shown[0]?.at ?? 0;
  const over = shown.find((entry) => entry.kind === "stage-began" && entry.stage === "logs");
  const to = Math.max(over?.at ?? shown.at(-1)?.at ?? 0, from + 1);
  const jobs = lanes(shown, "job-state", to);
  return {
    from,
    to,
    steps: stepMarks(shown, to),
    faults: faultBands(shown, to),
    nodes: together(lanes(shown, "node-state", to)),
    daemons: lanes(shown, "daemon-state", to),
    jobs: jobs.slice(0, MOST_JOBS),
    moreJobs: Math.max(jobs.length - MOST_JOBS, 0),
  };
}

/** What has a place in a lane. */
const MARKED = /-state$|^step-|^fault-/;

/** The state of a node, of all its words the worst. */
export function nodeTone(state: string): Tone {
  if (/DOWN|FAIL|INVALID_REG|ERROR/.test(state)) return "bad";
  if (/NOT_RESPONDING|DRAIN|UNKNOWN|MAINT|POWER|REBOOT|FUTURE/.test(state)) return "warn";
  if (/COMPLETING|BLOCKED|PLANNED|RESERVED/.test(state)) return "wait";
  return /ALLOC|MIXED/.test(state) ? "busy" : "good";
}

export function jobTone(state: string): Tone {
  if (/^(?:PENDING|CONFIGURING|COMPLETING|SUSPENDED|STAGE_OUT|STOPPED|RESIZING|SIGNALING)/.test(state))
    return "wait";
  if (/^(?:REQUEUE|SPECIAL_EXIT|PREEMPTED)/.test(state)) return "warn";
  if (state === "RUNNING") return "busy";
  return state === "COMPLETED" ? "done" : state === "CANCELLED" ? "warn" : "bad";
}

/** A job that has ended stays ended: its last state is a moment, not a stretch. */
export function isEnd(tone: Tone, state: string): boolean {
  return tone === "done" || tone === "bad" || state === "CANCELLED";
}

const DAEMON_TONES = { started: "good", answering: "good", silent: "warn", ended: "bad" } as const;

type StateEntry = Extract<JournalEntry, { kind: `${string}-state` }>;

function lanes(journal: readonly JournalEntry[], kind: StateEntry["kind"], end: number): Lane[] {
  const entries = journal.filter((entry) => entry.kind === kind) as StateEntry[];
  const lanes = [...Map.groupBy(entries, laneOf)].map(([name, states]) => ({
    name,
    segments: states.map((entry, i): Segment => {
      const tone = toneOf(entry);
      const moment = entry.kind === "job-state" && isEnd(tone, entry.to);
      const why = "how" in entry ? entry.how : "reason" in entry ? entry.reason : undefined;
      return {
        from: entry.at,
        to: moment ? entry.at : Math.max(states[i + 1]?.at ?? end, entry.at),
        state: entry.to,
        ...(why ? { why } : {}),
        tone,
      };
    }),
  }));
  return lanes.sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
}

function laneOf(entry: StateEntry): string {
  if (entry.kind === "node-state") return entry.node;
  if (entry.kind === "daemon-state") return `${entry.daemon} on ${entry.node}`;
  return entry.name ? `${entry.job} ${entry.name}` : entry.job;
}

function toneOf(entry: StateEntry): Tone {
  if (entry.kind === "node-state") return nodeTone(entry.to);
  return entry.kind === "daemon-state" ? DAEMON_TONES[entry.to] : jobTone(entry.to);
}

/** Nodes to which the very same happened share a lane: of 64 workers, 63 were IDLE all along. */
function together(lanes: readonly Lane[]): Lane[] {
  return [...Map.groupBy(lanes, ({ segments }) => JSON.stringify(segments)).values()].map((same) => ({
    name: compressHostlist(same.map(({ name }) => name)),
    segments: same[0]?.segments ?? [],
  }));
}

function stepMarks(journal: readonly JournalEntry[], end: number): Timeline["steps"] {
  return journal
    .filter((entry) => entry.kind === "step-began")
    .map(({ at, step, sentence }) => {
      const ended = journal.find((entry) => entry.kind === "step-ended" && entry.step === step);
      const outcome = ended?.kind === "step-ended" ? ended.outcome : "failed";
      const tone = outcome === "passed" ? "good" : outcome === "failed" ? "bad" : "warn";
      return { step, from: at, to: ended?.at ?? end, state: sentence, why: outcome, tone };
    });
}

function faultBands(journal: readonly JournalEntry[], end: number): Segment[] {
  return journal
    .filter((entry) => entry.kind === "fault-in")
    .map(({ at, fault, sentence, nodes }) => {
      const out = journal.find((entry) => entry.kind === "fault-out" && entry.fault === fault);
      const why = out ? nodes.join(", ") : [...nodes, "never mended"].join(", ");
      return { from: at, to: out?.at ?? end, state: sentence, why, tone: "bad" };
    });
}
