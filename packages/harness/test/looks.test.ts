import { planCluster } from "@slurmlab/config-gen";
import { describe, expect, test } from "vitest";
import type { Node } from "../src/cluster/node.ts";
import { parseTogether } from "../src/cluster/together.ts";
import { accountedAs } from "../src/conditions/accounting.ts";
import { daemonIs, pinged } from "../src/conditions/daemon.ts";
import { dbdQueueIs } from "../src/conditions/dbd-queue.ts";
import { fileIs } from "../src/conditions/file.ts";
import { jobIs } from "../src/conditions/job.ts";
import { nodeIs } from "../src/conditions/node.ts";
import { partitionIs } from "../src/conditions/partition.ts";
import { reservationIs } from "../src/conditions/reservation.ts";
import { restAnswers } from "../src/conditions/rest.ts";
import { noRow, sqlIs, sqlMatches } from "../src/conditions/sql.ts";
import { arrayTasks } from "../src/slurm/array.ts";
import { batchScript } from "../src/verbs/batch-script.ts";
import type { Job } from "../src/verbs/job.ts";

const END = "2026-11-26T12:00:00";

const looked = (output: string, code = 0) => ({ code, output });
const aJob = (...parts: string[]): Job => {
  return { kind: "job", id: "7", parts, user: "ada", outputPath: "", title: "job 7" };
};

const nodeCalled = (name: string) => ({ name, plan: {} }) as unknown as Pick<Node, "name" | "plan">;

describe("an array", () => {
  // Two tasks that have started have records of their own; those that wait share one.
  const shown = (first: string, second: string) =>
    looked(`JobId=8 ArrayJobId=7 ArrayTaskId=0 JobState=${first} Reason=None Restarts=0 ExitCode=0:0
JobId=7 ArrayJobId=7 ArrayTaskId=1-3%1 JobState=${second} Reason=JobArrayTaskLimit Restarts=0 ExitCode=0:0
`);
  const completed = jobIs(aJob("7_0", "7_1"), { is: "COMPLETED" });
  test("is COMPLETED when every task is", () =>
    expect(completed.judge(shown("COMPLETED", "COMPLETED")).is).toBe("met"));
  test("is waited for while one task waits, which is named", () =>
    expect(completed.judge(shown("COMPLETED", "PENDING"))).toEqual({
      is: "pending",
      saw: "7 is PENDING, reason JobArrayTaskLimit, exit code 0:0",
    }));
  test("can no longer come true when one task has failed", () =>
    expect(completed.judge(shown("FAILED", "PENDING")).is).toBe("hopeless"));
  test("is in accounting when every task has its row", () => {
    const wish = accountedAs(aJob("7_0", "7_1"), { is: "COMPLETED" });
    expect(wish.judge(looked(`7_0|COMPLETED|0:0||${END}\n`)).is).toBe("pending");
    expect(wish.judge(looked(`7_0|COMPLETED|0:0||${END}\n7_1|COMPLETED|0:0||${END}\n`)).is).toBe("met");
  });
  test.each([
    ["0-3", [0, 1, 2, 3]],
    ["1,5-7%2", [1, 5, 6, 7]],
    ["0-10:5", [0, 5, 10]],
    ["3-1", undefined],
    ["a", undefined],
  ])("%s has these tasks", (spec, tasks) => expect(arrayTasks(spec)).toEqual(tasks));
});

describe("a requeued job", () => {
  const shown = looked("JobId=7 JobState=PENDING Reason=BeginTime Restarts=1 ExitCode=0:0\n");
  test("is told apart by the number of its restarts", () => {
    expect(jobIs(aJob("7"), { is: "PENDING", restarts: 1 }).judge(shown).is).toBe("met");
    expect(jobIs(aJob("7"), { is: "PENDING", restarts: 2 }).judge(shown)).toEqual({
      is: "pending",
      saw: "PENDING, reason BeginTime, exit code 0:0, 1 restart",
    });
  });
  test("is judged by the last of its rows, and by their number", () => {
    const rows = looked(`7|REQUEUED|0:0||${END}\n7|COMPLETED|0:0|cpu=1|${END}\n`);
    expect(accountedAs(aJob("7"), { is: "COMPLETED", rows: 2 }).judge(rows).is).toBe("met");
    expect(accountedAs(aJob("7"), { is: "COMPLETED", rows: 1 }).judge(rows)).toEqual({
      is: "pending",
      saw: "COMPLETED, exit code 0:0, cpu=1, 2 rows",
    });
  });
});

test("a reason may be given without the detail behind its comma, and not by a part of its word", () => {
  const shown = looked("JobId=7 JobState=PENDING Reason=ReqNodeNotAvail,_UnavailableNodes:c1 ExitCode=0:0\n");
  expect(jobIs(aJob("7"), { is: "PENDING", reason: "ReqNodeNotAvail" }).judge(shown).is).toBe("met");
  expect(jobIs(aJob("7"), { is: "PENDING", reason: "ReqNode" }).judge(shown).is).toBe("pending");
});

test("a node's reason has to be the one asked about", () => {
  const shown = looked("NodeName=c1 State=IDLE+DRAIN Reason=Kill task failed [root@x]\n");
  expect(nodeIs("c1", { is: "DRAIN", reason: "Kill task failed" }).judge(shown).is).toBe("met");
  expect(nodeIs("c1", { is: "DRAIN", reason: "maintenance" }).judge(shown).is).toBe("pending");
});

describe("scontrol ping", () => {
  const output = "Slurmctld(primary) at ctl1 is DOWN\nSlurmctld(backup) at ctl2 is UP\n";
  test("tells the controllers apart", () =>
    expect(["ctl1", "ctl2", "ctl"].map((node) => pinged(output, node))).toEqual(["DOWN", "UP", undefined]));
  test("that does not answer is neither UP nor DOWN", () => {
    const look = looked("scontrol: error: munge", 1);
    expect(
      (["UP", "DOWN"] as const).map((is) => daemonIs("slurmctld", nodeCalled("ctl"), is).judge(look).is),
    ).toEqual(["pending", "pending"]);
  });
});

test("a daemon other than slurmctld is UP when it answers on its own node", () => {
  const up = daemonIs("slurmdbd", nodeCalled("dbd"), "UP");
  expect({ at: up.at, argv: up.argv }).toEqual({
    at: { node: "dbd" },
    argv: ["/usr/lib/slurmlab/health", "slurmdbd"],
  });
  expect([up.judge(looked("")).is, up.judge(looked("no", 1)).is]).toEqual(["met", "pending"]);
});

test("a partition is in the state that it has, and no other", () => {
  const shown = looked("PartitionName=main AllowGroups=ALL State=UP TotalCPUs=4\n");
  expect(partitionIs("main", "UP").judge(shown).is).toBe("met");
  expect(partitionIs("main", "DOWN").judge(shown)).toEqual({ is: "pending", saw: "UP" });
});

describe("a reservation", () => {
  const shown = looked("ReservationName=maint StartTime=x State=INACTIVE\n");
  test("has its state", () => expect(reservationIs("maint", "INACTIVE").judge(shown).is).toBe("met"));
  test("is ABSENT when there are none", () =>
    expect(reservationIs("maint", "ABSENT").judge(looked("No reservations in the system\n")).is).toBe("met"));
  test("is not ABSENT because nobody answers", () =>
    expect(reservationIs("maint", "ABSENT").judge(looked("Unable to contact slurm controller", 1)).is).toBe(
      "pending",
    ));
});

describe("slurmctld's queue to slurmdbd", () => {
  const shown = looked("Agent count:     0\nAgent thread count: 0\nDBD Agent queue size: 12\n");
  const all = { atLeast: 0, atMost: 0 };
  test("is judged by its size", () => {
    expect(dbdQueueIs({ atLeast: 12, atMost: 20 }).judge(shown)).toEqual({ is: "met", value: 12 });
    expect(dbdQueueIs(all).judge(shown)).toEqual({ is: "pending", saw: "12 messages" });
  });
  test("is not empty because nobody answers", () =>
    expect(dbdQueueIs(all).judge(looked("", 1)).is).toBe("pending"));
});

describe("a file", () => {
  const file = { path: "/x", node: "c1" };
  test("that is to be gone is not gone while it is there", () =>
    expect(fileIs({ ...file, exists: false }).judge(looked("")).is).toBe("pending"));
  test("that is to match does not when it cannot be read", () =>
    expect(fileIs({ ...file, matches: /No such/ }).judge(looked("cat: No such file", 1)).is).toBe("pending"));
});

describe("the database", () => {
  const planned = planCluster({ nodes: [{ name: "c1", roles: ["slurmd"] }] }, { defaultSlurm: "24.11" });
  if (!planned.ok) throw new Error("the test's own cluster is wrong");
  test("is asked in slurmdbd's database", () =>
    expect(sqlMatches(planned.plan, "select 1", /^1$/).argv).toEqual([
      "mariadb",
      "--batch",
      "--skip-column-names",
      "--execute",
      "select 1",
      "slurm_acct_db",
    ]));
  const open = sqlIs(planned.plan, "select 1", { title: "none", judge: noRow });
  test("that returns no row has none", () => expect(open.judge(looked("")).is).toBe("met"));
  test("that returns a row has it named", () =>
    expect(open.judge(looked("job 3: state 1\n"))).toEqual({ is: "pending", saw: "job 3: state 1" }));
  test("that cannot be asked has not answered that there is none", () =>
    expect(open.judge(looked("", 1)).is).toBe("pending"));
});

describe("a batch script", () => {
  const lines = (run: string, stays = false) => batchScript(run, { stays }).text.trimEnd().split("\n");
  const isMarker = (line: string | undefined) => line?.includes(".slurmlab-started") ?? false;
  test("gets its marker behind the comments, where sbatch still reads its options", () => {
    const script = lines("#!/bin/sh\n#SBATCH -n 2\n\n# why\nhostname\n");
    expect(script.map((line) => (isMarker(line) ? "MARKER" : line))).toEqual([
      "#!/bin/sh",
      "#SBATCH -n 2",
      "",
      "# why",
      "MARKER",
      "hostname",
    ]);
  });
  test("of another interpreter is left as it is, and is not asked for marks", () =>
    expect(batchScript("#!/usr/bin/python3\nprint(1)\n")).toEqual({
      text: "#!/usr/bin/python3\nprint(1)\n",
      marked: false,
    }));
  test.each(["#!/bin/bash -l", "#!/usr/bin/env bash", "#!/bin/sh"])("with %s is a shell's", (first) =>
    expect(batchScript(`${first}\ntrue\n`).marked).toBe(true),
  );
  test("that stays waits for its file at its end", () =>
    expect(lines("hostname", true).at(-1)).toBe(
      "until [ -e ~/.slurmlab-finish-$SLURM_JOB_ID ]; do sleep 0.2; done",
    ));
});

describe("programs that ran side by side on a node", () => {
  test("each have their answer, of so many bytes", () =>
    expect(parseTogether("0 3\nä\n1 0\n0 4\n2 9\n")).toEqual([
      { code: 0, output: "ä\n" },
      { code: 1, output: "" },
      { code: 0, output: "2 9\n" },
    ]));
  test("are not made up when an answer is cut short", () =>
    expect(parseTogether("0 3\nabc0 9\nabc")).toEqual([{ code: 0, output: "abc" }]));
});

describe("an answer of slurmrestd", () => {
  const plannedFor = (slurm: string) => {
    const nodes = [
      { name: "rest", roles: ["slurmrestd" as const] },
      { name: "c1", roles: ["slurmd" as const] },
    ];
    const planned = planCluster({ slurm, nodes }, { defaultSlurm: slurm });
    if (!planned.ok) throw new Error("the test's own cluster is wrong");
    return planned.plan;
  };
  const wish = { path: "slurm/ping", status: 200, matches: /"ping/, user: "ada" };
  const asked = restAnswers(plannedFor("24.11"), wish);
  const answer = (status: string, body: string) =>
    looked(`HTTP/1.1 ${status}\r\nContent-Type: application/json\r\n\r\n${body}`);

  test("is asked for in the newest version of the API that the release has, or by the path as it is", () => {
    const pathOf = (slurm: string, path: string) =>
      restAnswers(plannedFor(slurm), { ...wish, path }).argv.at(-1);
    expect(pathOf("20.11", "slurm/ping")).toBe("/slurm/v0.0.36/ping");
    expect(pathOf("26.05", "slurmdb/job/7")).toBe("/slurmdb/v0.0.45/job/7");
    expect(pathOf("24.11", "/openapi/v3")).toBe("/openapi/v3");
  });
  test("is met by its status and what its body matches", () =>
    expect(asked.judge(answer("200 OK", '{"pings": []}')).is).toBe("met"));
  test("of another status is waited for, with what was said", () =>
    expect(asked.judge(answer("401 UNAUTHORIZED", "Authentication failure"))).toEqual({
      is: "pending",
      saw: "401: Authentication failure",
    }));
  test("that does not match is waited for, with its body", () =>
    expect(asked.judge(answer("200 OK", "{}"))).toEqual({ is: "pending", saw: "{}" }));
  test("that does not come is waited for, with the reason", () =>
    expect(asked.judge(looked("bash: connect: Connection refused", 1))).toEqual({
      is: "pending",
      saw: "bash: connect: Connection refused",
    }));
});
