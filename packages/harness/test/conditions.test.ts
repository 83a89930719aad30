import { describe, expect, test } from "vitest";
import { allIdle } from "../src/cluster/ready.ts";
import { accountedAs } from "../src/conditions/accounting.ts";
import { jobIs } from "../src/conditions/job.ts";
import { nodeIs } from "../src/conditions/node.ts";
import { outputMatches } from "../src/conditions/output.ts";
import type { Job } from "../src/verbs/job.ts";

const job: Job = {
  kind: "job",
  id: "7",
  parts: ["7"],
  user: "ada",
  outputPath: "/home/ada/slurm-7.out",
  title: "job 7",
};
const looked = (output: string, code = 0) => ({ code, output });
const jobLine = (state: string, reason = "None") =>
  looked(`JobId=7 JobState=${state} Reason=${reason} ExitCode=0:0\n`);

describe("a job's state", () => {
  test("is met when it is the one", () =>
    expect(jobIs(job, { is: "RUNNING" }).judge(jobLine("RUNNING")).is).toBe("met"));
  test("is pending while the job still moves", () =>
    expect(jobIs(job, { is: "COMPLETED" }).judge(jobLine("COMPLETING")).is).toBe("pending"));
  test("is hopeless once the job has ended otherwise", () =>
    expect(jobIs(job, { is: "COMPLETED" }).judge(jobLine("FAILED")).is).toBe("hopeless"));
  test("waits for the reason too", () => {
    expect(jobIs(job, { is: "PENDING", reason: "Resources" }).judge(jobLine("PENDING", "Priority"))).toEqual({
      is: "pending",
      saw: "PENDING, reason Priority, exit code 0:0",
    });
  });
});

describe("a node's state", () => {
  const line = (state: string) => looked(`NodeName=c1 State=${state} Reason=maint [root@x]\n`);
  test("IDLE means that and nothing else", () =>
    expect(nodeIs("c1", { is: "IDLE" }).judge(line("IDLE+DRAIN")).is).toBe("pending"));
  test("DRAIN is found beside a base state", () =>
    expect(nodeIs("c1", { is: "DRAIN" }).judge(line("IDLE+DRAIN")).is).toBe("met"));
  test("20.11's star means not responding", () =>
    expect(nodeIs("c1", { is: "NOT_RESPONDING" }).judge(line("DOWN*")).is).toBe("met"));
  test("is of a release when a slurmd of that release has registered", () => {
    const of = (version: string) => looked(`NodeName=c1 State=IDLE Version=${version}\n`);
    expect(nodeIs("c1", { is: "IDLE", version: "22.05" }).judge(of("22.05.8")).is).toBe("met");
    expect(nodeIs("c1", { is: "IDLE", version: "22.05" }).judge(of("20.11.4"))).toEqual({
      is: "pending",
      saw: "IDLE of 20.11.4",
    });
    expect(nodeIs("c1", { is: "IDLE", version: "22.05" }).judge(line("IDLE")).is).toBe("pending");
  });
});

describe("a row in accounting", () => {
  const END = "2026-11-26T12:00:00";
  const row = (text: string) => looked(`${text}\n`);
  test("is waited for while it has the state of a job that is over and no end, whatever else it says", () => {
    const wish = accountedAs(job, { is: "FAILED", exitCode: "3:0" });
    expect(wish.judge(row("7|FAILED|0:0||Unknown"))).toMatchObject({
      is: "pending",
      saw: expect.stringContaining("no end"),
    });
    expect(wish.judge(row("7|FAILED|3:0||Unknown")).is).toBe("pending");
    expect(wish.judge(row(`7|FAILED|3:0||${END}`)).is).toBe("met");
    expect(accountedAs(job, { is: "RUNNING" }).judge(row("7|RUNNING|0:0||Unknown")).is).toBe("met");
  });
  test("is waited for while it is of an allocation of root's, as its start was not told yet", () => {
    const wish = accountedAs(job, { is: "COMPLETED", exitCode: "0:0" });
    expect(wish.judge(row(`7|COMPLETED|0:0||${END}|root`))).toMatchObject({
      is: "pending",
      saw: expect.stringContaining("root's"),
    });
    expect(wish.judge(row(`7|COMPLETED|0:0||${END}|${job.user}`)).is).toBe("met");
  });
  test("must have the resources asked about", () => {
    const wish = accountedAs(job, { is: "COMPLETED", tres: { "gres/gpu": 1 } });
    expect(wish.judge(row(`7|COMPLETED|0:0|cpu=1,gres/gpu=1|${END}`)).is).toBe("met");
    expect(wish.judge(row(`7|COMPLETED|0:0|cpu=1,gres/gpu=2|${END}`)).is).toBe("hopeless");
  });
  test("without a resource counts as none of it", () => {
    expect(
      accountedAs(job, { is: "COMPLETED", tres: { "gres/gpu": 0 } }).judge(
        row(`7|COMPLETED|0:0|cpu=1|${END}`),
      ).is,
    ).toBe("met");
  });
  test("of another job is no row", () =>
    expect(accountedAs(job, { is: "COMPLETED" }).judge(row(`70|COMPLETED|0:0||${END}`)).is).toBe("pending"));
  test("must have the exit code asked about", () => {
    expect(accountedAs(job, { is: "FAILED", exitCode: "3:0" }).judge(row(`7|FAILED|1:0||${END}`)).is).toBe(
      "hopeless",
    );
  });
});

test("a job's output is met only when it matches", () => {
  expect(outputMatches(job, /^c2$/m).judge(looked("c1\nc2\n")).is).toBe("met");
  expect(outputMatches(job, /^c3$/m).judge(looked("c1\nc2\n"))).toEqual({ is: "pending", saw: "c1\nc2" });
});

describe("all nodes IDLE", () => {
  test("is pending while one is missing", () =>
    expect(allIdle(looked("NodeName=c1 State=IDLE\n"), ["c1", "c2"])).toEqual({
      is: "pending",
      saw: "c2 is missing",
    }));
  test("is pending while slurmctld does not answer", () => {
    const refused = "Unable to contact slurm controller (connect failure)";
    expect(allIdle(looked(refused, 1), ["c1"])).toEqual({ is: "pending", saw: refused });
  });
  test("is hopeless when Slurm has drained one", () =>
    expect(allIdle(looked("NodeName=c1 State=IDLE+DRAIN Reason=Low RealMemory\n"), ["c1"]).is).toBe(
      "hopeless",
    ));
});
