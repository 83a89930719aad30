import { describe, expect, test } from "vitest";
import { openInController, parseStarts } from "../src/invariants/books.ts";
import { disagreements } from "../src/invariants/disagreements.ts";
import { staleIds } from "../src/invariants/job-ids-fresh.ts";
import { notAccounted } from "../src/invariants/jobs-accounted.ts";
import { endedOtherwise } from "../src/invariants/jobs-end-as-expected.ts";
import { ranOtherwise } from "../src/invariants/jobs-ran.ts";
import { coresElsewhere } from "../src/invariants/no-core-dumps.ts";
import { noneRunaway } from "../src/invariants/no-runaway-jobs.ts";
import { idleWithoutReason } from "../src/invariants/nodes-idle.ts";
import type { JobEntry } from "../src/ledger/jobs.ts";
import { parseRecords } from "../src/slurm/records.ts";
import { parseRuns } from "../src/slurm/sacct.ts";

// What 24.11 printed of an array, a job that was requeued, a heterogeneous job and one cancelled while it waited.
const SACCT = `3_0|8|COMPLETED|0:0|2026-11-25T07:12:19|2026-11-25T07:12:19|2026-11-25T07:12:23
3_1|3|COMPLETED|0:0|2026-11-25T07:12:19|2026-11-25T07:12:24|2026-11-25T07:12:27
14|14|REQUEUED|0:0|2026-11-25T07:13:07|2026-11-25T07:13:07|2026-11-25T07:13:08
14|14|COMPLETED|0:0|2026-11-25T07:13:08|2026-11-25T07:15:09|2026-11-25T07:15:10
6+0|6|COMPLETED|0:0|2026-11-25T07:12:19|2026-11-25T07:12:49|2026-11-25T07:12:50
6+1|7|COMPLETED|0:0|2026-11-25T07:12:19|2026-11-25T07:12:49|2026-11-25T07:12:50
5_[6-7%1]|5|CANCELLED by 1000|0:0|2026-11-25T07:12:19|None|2026-11-25T07:12:44
`;
const runs = parseRuns(SACCT);

const entry = (parts: string[], more: Partial<JobEntry> = {}): JobEntry => {
  const id = /^\d+/.exec(parts[0] ?? "")?.[0] ?? "";
  const job = { kind: "job" as const, id, parts, user: "ada", outputPath: "", title: `job ${id}` };
  return { job, ends: ["COMPLETED"], marked: true, above: 0, ...more };
};
const requeued = entry(["14"]);
const array = entry(["3_0", "3_1"]);
const components = entry(["6+0", "6+1"]);
const cancelled = entry(["5_6", "5_7"], { ends: ["CANCELLED"] });
const all = [requeued, array, components, cancelled];

/** The rows, with something in their text changed. */
const changed = (from: string, to: string) => parseRuns(SACCT.replace(from, to));

test("tasks that share a row have one each", () =>
  expect(runs.filter((run) => run.rawId === "5").map((run) => run.id)).toEqual(["5_6", "5_7"]));

describe("what slurmctld has not done with yet", () => {
  const open = (text: string) => openInController(parseRecords(text), all);
  test("is a job whose processes have not ended", () =>
    expect(open("JobId=14 JobName=a JobState=COMPLETING Reason=None")).toEqual(["14"]));
  test("is a task and a component", () =>
    expect(
      open(
        "JobId=8 ArrayJobId=3 ArrayTaskId=0 JobState=COMPLETING\nJobId=7 HetJobId=6 HetJobOffset=1 JobState=RUNNING",
      ),
    ).toEqual(["8", "7"]));
  test("is no job that has ended, and none that the scenario did not submit", () =>
    expect(open("JobId=14 JobState=CANCELLED\nJobId=99 JobState=COMPLETING")).toEqual([]));
});

describe("every submitted job in accounting", () => {
  test("is right when each part has its row", () => expect(notAccounted({ runs }, all)).toEqual([]));
  test("names a part that has no row", () =>
    expect(notAccounted({ runs: changed("6+1|7", "9|9") }, all)).toEqual(["job 6+1: no row"]));
  test("names a job that still runs", () =>
    expect(notAccounted({ runs: changed("8|COMPLETED", "8|RUNNING") }, all)).toEqual([
      "job 3_0: still RUNNING",
    ]));
  test("names a job with two rows of one submission", () =>
    expect(
      notAccounted({ runs: changed("0:0|2026-11-25T07:13:08", "0:0|2026-11-25T07:13:07") }, all),
    ).toEqual(["job 14: 2 rows of 1 submissions"]));
});

describe("a job's end", () => {
  test("is right when the scenario says so", () => expect(endedOtherwise({ runs }, all)).toEqual([]));
  test("is told of when nobody asked for it", () =>
    expect(endedOtherwise({ runs: changed("3|COMPLETED|0:0", "3|FAILED|1:0") }, all)).toEqual([
      "job 3_1: FAILED, exit code 1:0; may end COMPLETED",
    ]));
  test("is told of when a job that was to be cancelled has come to its end", () =>
    expect(endedOtherwise({ runs }, [entry(["14"], { ends: ["CANCELLED"] })])).toHaveLength(1));
});

describe("what slurmctld and accounting say", () => {
  const shown = `JobId=14 JobState=COMPLETED Restarts=1 ExitCode=0:0 StartTime=2026-11-25T07:15:09 EndTime=2026-11-25T07:15:10
JobId=5 ArrayJobId=5 JobState=CANCELLED Restarts=0 ExitCode=0:0 StartTime=2026-11-25T07:12:44 EndTime=2026-11-25T07:12:44
`;
  const said = (text: string) => disagreements({ runs, records: parseRecords(text) }, all);
  test("is the same", () => expect(said(shown)).toEqual([]));
  test("differs in a state", () =>
    expect(said(shown.replace("=COMPLETED", "=NODE_FAIL"))).toEqual([
      "job 14: its state is NODE_FAIL for slurmctld, COMPLETED in accounting",
    ]));
  test("differs in the number of starts", () =>
    expect(said(shown.replace("Restarts=1", "Restarts=2"))).toEqual([
      "job 14: the number of its rows is 3 for slurmctld, 2 in accounting",
    ]));
  test("differs in a time, as one that was sent again with the time of sending would", () =>
    expect(said(shown.replace("EndTime=2026-11-25T07:15:10", "EndTime=2026-11-25T07:15:40"))).toHaveLength(
      1,
    ));
  test("differs in an exit code", () =>
    expect(said(shown.replace("ExitCode=0:0", "ExitCode=1:0"))).toHaveLength(1));
  test("is signal 1 and exit code 1 of a job that was lost with its node, or a signal that came after its end was sent, and no other two", () => {
    const told = (exitCode: string, kept = "1:0") =>
      disagreements(
        {
          runs: changed("14|COMPLETED|0:0", `14|NODE_FAIL|${kept}`),
          records: parseRecords(shown.replace("=COMPLETED", "=NODE_FAIL").replace("=0:0", `=${exitCode}`)),
        },
        all,
      );
    expect(told("0:1")).toEqual([]);
    expect(told("0:9")).toEqual(["job 14: its exit code is 0:9 for slurmctld, 1:0 in accounting"]);
    expect(told("0:15", "0:0")).toEqual([]);
    expect(told("15:0", "0:0")).toEqual(["job 14: its exit code is 15:0 for slurmctld, 0:0 in accounting"]);
  });
});

describe("what jobs say themselves", () => {
  const right = "14 0\n14 1\n8 0\n3 0\n6 0\n";
  const said = (text: string) => ranOtherwise({ runs, starts: parseStarts(text) }, all);
  test("is right with a line for each start, and none of a job that never started", () =>
    expect(said(right)).toEqual([]));
  test("that one start ran twice is told of", () =>
    expect(said(`${right}14 1\n`)).toEqual(["job 14: ran more than once for its start 2"]));
  test("that a job ran more often than it has rows is told of", () =>
    expect(said(`${right}8 1\n`)).toEqual(["job 3_0: ran 2 times, and has 1 rows in accounting"]));
  test("that a COMPLETED job did not run is told of", () =>
    expect(said(right.replace("14 1\n", ""))).toEqual([
      "job 14: is COMPLETED, and its script has not run for its last start (2)",
    ]));
  test("is not asked of a script that marks nothing", () =>
    expect(ranOtherwise({ runs, starts: [] }, [entry(["14"], { marked: false })])).toEqual([]));
});

describe("job ids", () => {
  const config = "MAX_NODES = 1\nNEXT_JOB_ID             = 15\n";
  test("are right when each is above those before it", () =>
    expect(staleIds(config, [entry(["3"], { above: 2 }), requeued])).toEqual([]));
  test("that start again are told of", () =>
    expect(staleIds(config, [entry(["3"], { above: 14 })])).toEqual(["job 3 was submitted after job 14"]));
  test("that would be given again are told of", () =>
    expect(staleIds(config.replace("15", "14"), all)).toEqual(["the next id is 14, and job 14 has been"]));
  test("are not right when slurmctld does not say the next", () => expect(staleIds("", all)).toHaveLength(1));
});

describe("runaway jobs", () => {
  const judged = (output: string) => noneRunaway({ code: 0, output }).is;
  test("are none when sacctmgr says so", () =>
    expect(judged("Runaway Jobs: No runaway jobs found on cluster lab\n")).toBe("met"));
  test("are some when it lists one", () => expect(judged("7|sleep|main|lab|RUNNING|...")).toBe("pending"));
  test("are not known to be none while slurmdbd does not answer", () => expect(judged("")).toBe("pending"));
});

test("a node that is IDLE with a reason is not as it was", () => {
  const look = (reason: string) => ({ code: 0, output: `NodeName=c1 State=IDLE${reason}\n` });
  expect(idleWithoutReason(look(""), ["c1"]).is).toBe("met");
  expect(idleWithoutReason(look(" Reason=Not responding [slurm@x]"), ["c1"])).toEqual({
    is: "pending",
    saw: "c1 has the reason Not responding [slurm@x]",
  });
});

test("cores that the kernel hands to a program are not looked for in vain", () => {
  expect(coresElsewhere("core")).toBeUndefined();
  expect(coresElsewhere("|/usr/share/apport/apport %p")).toContain("apport");
});
