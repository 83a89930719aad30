import { compressHostlist } from "@slurmlab/config-gen";
import { listed } from "../cluster/names.ts";
import type { JournalEntry } from "../journal/event.ts";
import { isEnd, jobTone, nodeTone } from "./lanes.ts";
import type { RunResult } from "./result.ts";
import { seconds } from "./summary.ts";

/** A sentence of the story; `at` in milliseconds since the run's start, where it has a moment. */
export interface Told {
  readonly at?: number;
  readonly text: string;
  readonly bad?: boolean;
}

/** A story is read, so it does not tell everything: what changed and did not matter is left to the timeline. */
const MOST_CHANGES = 30;

/** What happened in a run, in sentences: how it began, what was broken, what changed, what came of it. */
export function storyOf(result: RunResult): Told[] {
  const { journal } = result;
  const told = [...beginning(result), ...changesOf(journal), ...ending(result)];
  // What a passed run went through was meant to be.
  return result.verdict === "passed" ? told.map(({ bad: _, ...sentence }) => sentence) : told;
}

/** What changed and mattered, as sentences; beyond the most that are read, how many there are. */
export function changesOf(journal: readonly JournalEntry[]): Told[] {
  const changes = journal.flatMap((entry, i) => sentenceOf(entry, journal.slice(0, i), journal.slice(i + 1)));
  const left = changes.length - MOST_CHANGES;
  if (left <= 0) return changes;
  return [
    ...changes.slice(0, MOST_CHANGES),
    { text: `And ${left} more changes, which are in the timeline.` },
  ];
}

function beginning({ journal, cluster, slurm, failure, because }: RunResult): Told[] {
  const began = journal.find((entry) => entry.kind === "stage-began" && entry.stage === "cluster");
  const ended = journal.find((entry) => entry.kind === "stage-ended" && entry.stage === "cluster");
  if (because) return [{ text: `Nothing was tried: ${because}.` }];
  if (!began) return failure ? [{ text: `There was no cluster: ${failure.message}.`, bad: true }] : [];
  const names = listed(cluster.nodes.map((node) => node.split(":")[0] ?? ""));
  if (ended?.kind === "stage-ended" && ended.ok) {
    const took = seconds((ended.at - began.at) / 1000);
    return [{ at: ended.at, text: `A cluster with Slurm ${slurm} was ready after ${took}: ${names}.` }];
  }
  return [{ at: ended?.at ?? began.at, text: `The cluster (${names}) did not come up.`, bad: true }];
}

function sentenceOf(
  entry: JournalEntry,
  before: readonly JournalEntry[],
  after: readonly JournalEntry[],
): Told[] {
  const { at } = entry;
  switch (entry.kind) {
    case "fault-in":
      return [{ at, text: `Broken on purpose: ${entry.sentence}.`, bad: true }];
    case "fault-out": {
      const fault = before.find((other) => other.kind === "fault-in" && other.fault === entry.fault);
      const what = entry.sentence ?? (fault?.kind === "fault-in" ? fault.sentence : entry.fault);
      return [{ at, text: `Mended${since(fault, at)}: ${what}.` }];
    }
    case "node-state":
      return nodeSentence(entry, before, after);
    case "job-state":
      return jobSentence(entry);
    case "daemon-state":
      return daemonSentence(entry, before);
    case "step-ended":
      return entry.outcome === "failed"
        ? [{ at, text: `Did not come true: ${entry.sentence}.`, bad: true }]
        : [];
    default:
      return [];
  }
}

type NodeEntry = Extract<JournalEntry, { kind: "node-state" }>;

/** Only what is out of the ordinary, and the way back. Nodes to which the same happened at once are one sentence. */
function nodeSentence(
  entry: NodeEntry,
  before: readonly JournalEntry[],
  after: readonly JournalEntry[],
): Told[] {
  const same = (other: JournalEntry) =>
    other.kind === "node-state" &&
    other.at === entry.at &&
    other.from === entry.from &&
    other.to === entry.to;
  if (before.some(same)) return [];
  const names = [entry, ...after.filter(same)].map((other) => (other as NodeEntry).node);
  const who = `${names.length === 1 ? "Node" : "Nodes"} ${compressHostlist(names)}`;
  const wrong = isWrong(entry.to);
  if (wrong) {
    const why = entry.reason ? ` (${entry.reason})` : "";
    return [{ at: entry.at, text: `${who} became ${entry.to}${why}.`, bad: true }];
  }
  if (entry.from === undefined || !isWrong(entry.from)) return [];
  const first = before.findLast(
    (other) =>
      other.kind === "node-state" && other.node === entry.node && !(other.from && isWrong(other.from)),
  );
  return [{ at: entry.at, text: `${who} became ${entry.to} again${since(first, entry.at)}.` }];
}

function isWrong(state: string): boolean {
  const tone = nodeTone(state);
  return tone === "bad" || tone === "warn";
}

function jobSentence({
  at,
  job,
  name,
  from,
  to,
  reason,
}: Extract<JournalEntry, { kind: "job-state" }>): Told[] {
  const who = `Job ${job}${name ? ` (${name})` : ""}`;
  const why = reason ? ` (${reason})` : "";
  if (from === "RUNNING" && to === "PENDING")
    return [{ at, text: `${who} went back into the queue${why}.`, bad: true }];
  const tone = jobTone(to);
  return tone === "bad" && isEnd(tone, to) ? [{ at, text: `${who} ended ${to}${why}.`, bad: true }] : [];
}

function daemonSentence(
  { at, node, daemon, to, how }: Extract<JournalEntry, { kind: "daemon-state" }>,
  before: readonly JournalEntry[],
): Told[] {
  const who = `${daemon} on ${node}`;
  const own = before.findLast(
    (other) => other.kind === "daemon-state" && other.node === node && other.daemon === daemon,
  );
  const was = own?.kind === "daemon-state" ? own.to : undefined;
  if (to === "ended") return [{ at, text: `${who} ended: ${how}.`, bad: true }];
  if (to === "silent") return [{ at, text: `${who} did not answer: ${how}.`, bad: true }];
  if (to === "started" && was === undefined) return [];
  // A node that loses its power takes its daemons along without a word: nobody knows for how long.
  const away = was === "ended" || was === "silent" ? since(own, at) : "";
  return [{ at, text: `${who} ${to === "started" ? "was started again" : "answered again"}${away}.` }];
}

function since(entry: JournalEntry | undefined, at: number): string {
  return entry ? ` after ${seconds((at - entry.at) / 1000)}` : "";
}

function ending(result: RunResult): Told[] {
  const { steps, journal, leftovers } = result;
  const told: Told[] = [];
  const jobs = new Map(
    journal.flatMap((entry) => (entry.kind === "job-state" ? [[entry.job, entry.to]] : [])),
  );
  if (jobs.size > 0) {
    const counts = Map.groupBy(jobs.values(), (state) => state);
    const list = [...counts].map(([state, all]) => `${all.length} ${state}`).join(", ");
    told.push({ text: `Of ${jobs.size} ${jobs.size === 1 ? "job" : "jobs"} at the end: ${list}.` });
  }
  if (steps.length > 0) {
    const passed = steps.filter((step) => step.outcome === "passed").length;
    const unchecked = steps.filter((step) => step.outcome === "unchecked").length;
    const not = unchecked > 0 ? `; ${unchecked} could not be checked here` : "";
    told.push({ text: `${passed} of ${steps.length} steps and checks passed${not}.` });
  }
  if (leftovers.length > 0) told.push({ text: `Could not be removed: ${leftovers.join(", ")}.`, bad: true });
  else if (
    !result.enter &&
    result.cluster.id &&
    journal.some((entry) => entry.kind === "stage-ended" && entry.stage === "teardown")
  )
    told.push({ text: "Everything was taken down, and nothing is left." });
  return told;
}
