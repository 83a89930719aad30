import { describe, expect, test } from "vitest";
import type { JournalEntry } from "../src/journal/event.ts";
import { changes, known, NOTHING_SEEN, parseStates } from "../src/journal/states.ts";
import { timelineOf } from "../src/report/lanes.ts";

const CLOCK = "1795590000.250000";
const NODES = [
  "NodeName=c1 Arch=x86_64 CoresPerSocket=2 State=IDLE ThreadsPerCore=1 Weight=1",
  "NodeName=c2 Arch=x86_64 State=DOWN+NOT_RESPONDING ThreadsPerCore=1 Reason=Not responding [slurm@2026-11-25T07:27:15]",
];
const look = (lines: readonly string[], code = 0) =>
  parseStates({ code, output: [CLOCK, ...lines].join("\n") });

describe("a look at the states", () => {
  test("reads the clock, nodes with Slurm's reason, and jobs", () => {
    expect(look([...NODES, "2|RUNNING|None|c1|long", "3|PENDING|Resources||a|b"])).toEqual({
      clock: 1795590000250,
      nodes: new Map([
        ["c1", { state: "IDLE", reason: "" }],
        ["c2", { state: "DOWN+NOT_RESPONDING", reason: "Not responding" }],
      ]),
      jobs: new Map([
        ["2", { name: "long", state: "RUNNING", reason: "", nodes: "c1" }],
        ["3", { name: "a|b", state: "PENDING", reason: "Resources", nodes: "" }],
      ]),
      silent: undefined,
    });
  });

  test("that got no answer says what was said instead", () => {
    const said = "slurm_load_node error: Unable to contact slurm controller (connect failure)";
    expect(look([said], 1).silent).toBe(said);
  });
});

describe("what changed between two looks", () => {
  const idle = look([NODES[0] ?? "", "2|PENDING|Resources||long"]);

  test("is everything at the first sight", () => {
    expect(changes(NOTHING_SEEN, idle, "ctl")).toEqual([
      { kind: "node-state", node: "c1", to: "IDLE" },
      { kind: "job-state", job: "2", name: "long", to: "PENDING", reason: "Resources" },
    ]);
  });

  test("is nothing when all is as it was", () => expect(changes(idle, idle, "ctl")).toEqual([]));

  test("is the new state with the old one", () => {
    expect(changes(idle, look([NODES[0] ?? "", "2|RUNNING|None|c1|long"]), "ctl")).toEqual([
      { kind: "job-state", job: "2", name: "long", from: "PENDING", to: "RUNNING", nodes: "c1" },
    ]);
  });

  test("is a silent controller once, and no change of what it knows", () => {
    const silent = look(["no answer"], 1);
    const before = known(idle, silent);
    expect(changes(idle, silent, "ctl")).toEqual([
      { kind: "daemon-state", node: "ctl", daemon: "slurmctld", to: "silent", how: "no answer" },
    ]);
    expect(changes(before, silent, "ctl")).toEqual([]);
    expect(changes(before, idle, "ctl")).toEqual([
      { kind: "daemon-state", node: "ctl", daemon: "slurmctld", to: "answering" },
    ]);
  });
});

describe("the timeline", () => {
  const journal: JournalEntry[] = [
    { at: 0, kind: "stage-began", stage: "engine" },
    { at: 900, kind: "node-state", node: "c1", to: "IDLE" },
    { at: 900, kind: "node-state", node: "c2", to: "IDLE" },
    { at: 900, kind: "node-state", node: "c3", to: "IDLE" },
    { at: 1000, kind: "step-began", step: 0, sentence: "a" },
    { at: 1000, kind: "step-began", step: 1, sentence: "a" },
    { at: 1500, kind: "step-ended", step: 1, sentence: "a", outcome: "failed" },
    { at: 1600, kind: "step-ended", step: 0, sentence: "a", outcome: "passed" },
    { at: 1700, kind: "fault-in", fault: "0", sentence: "c3 is off", nodes: ["c3"] },
    { at: 1800, kind: "node-state", node: "c3", from: "IDLE", to: "DOWN", reason: "Not responding" },
    { at: 1900, kind: "job-state", job: "2", name: "long", to: "RUNNING" },
    { at: 2000, kind: "job-state", job: "2", name: "long", from: "RUNNING", to: "FAILED" },
    { at: 2100, kind: "fault-out", fault: "0" },
    { at: 3000, kind: "stage-began", stage: "logs" },
    { at: 9000, kind: "stage-ended", stage: "teardown", ok: true, line: "nothing is left" },
  ];
  const timeline = timelineOf(journal);

  test("is of the time of the cluster, and not of what came before and after", () => {
    expect([timeline.from, timeline.to]).toEqual([900, 3000]);
  });
  test("has one lane for nodes to which the same happened", () => {
    expect(timeline.nodes.map(({ name }) => name)).toEqual(["c[1-2]", "c3"]);
  });
  test("has a state from its change to the next, or to the end", () => {
    expect(timeline.nodes[1]?.segments).toEqual([
      { from: 900, to: 1800, state: "IDLE", tone: "good" },
      { from: 1800, to: 3000, state: "DOWN", why: "Not responding", tone: "bad" },
    ]);
  });
  test("has the end of a job as a moment", () => {
    expect(timeline.jobs[0]?.segments.at(-1)).toMatchObject({ from: 2000, to: 2000, state: "FAILED" });
  });
  test("tells steps of one sentence apart", () => {
    expect(timeline.steps.map(({ from, to, why }) => [from, to, why])).toEqual([
      [1000, 1600, "passed"],
      [1000, 1500, "failed"],
    ]);
  });
  test("has a fault from its putting in to its healing", () => {
    expect(timeline.faults).toMatchObject([{ from: 1700, to: 2100, state: "c3 is off" }]);
  });
});
