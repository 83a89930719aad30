import { expect, test } from "vitest";
import { LabError } from "../src/errors/lab-error.ts";
import { Unavailable } from "../src/errors/unavailable.ts";
import { behind, clockJumped, diskFull, oomKills } from "../src/scenario/behind.ts";
import { FakeEngine } from "./support/fake-engine.ts";
import { healthy } from "./support/fake-slurm.ts";
import { runOnFake } from "./support/run.ts";

const failed = new LabError({ kind: "failed", message: "job 2 to be COMPLETED: not within 60 s" });

test("a full disk of the engine is told of with what it made fail, and is not Slurm's fault", () => {
  expect(diskFull("/data", failed, 3.9)).toMatchObject({
    kind: "broken",
    message: "the disk of the container engine is full",
    seen: "3 MB free, and: job 2 to be COMPLETED: not within 60 s",
    where: "/data",
  });
});

test("a disk with room, and one on another machine, have nothing to do with it", () => {
  expect([diskFull("/data", failed, 50), diskFull("/nonexistent", failed)]).toEqual([undefined, undefined]);
});

test("the kernel's count of killed processes is read in the words of cgroup v1 and v2", () => {
  const v1 = { output: "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n" };
  const v2 = { output: "low 0\nhigh 0\nmax 12\noom 1\noom_kill 1\noom_group_kill 0\n" };
  expect([oomKills([v1]), oomKills([v2]), oomKills([])]).toEqual([2, 1, 0]);
});

test("a claim that fails in a run through which the machine slept is not Slurm's failure", () => {
  expect([clockJumped(46.8, failed), clockJumped(9, failed)]).toMatchObject([
    {
      kind: "broken",
      message: "the machine was asleep for 47 s, or its clock was set",
      seen: failed.message,
    },
    undefined,
  ]);
});

test("bad input and what cannot be had here say so themselves, whatever there is behind it", async () => {
  const engine = new FakeEngine();
  const told = [
    new LabError({ kind: "bad-input", message: "no such user" }),
    new Unavailable("no GPU"),
    new LabError({ kind: "interrupted", message: "SIGINT" }),
  ];
  // A folder of this machine, and so small that it counts as full.
  const full = Object.assign(engine, { facts: { ...engine.facts, dataFolder: "/proc" } });
  const run = { engine: full, guard: undefined, context: undefined, daemonsMayEnd: false };
  for (const error of told) expect(await behind(error, run)).toBe(error);
  expect(await behind(failed, run)).toMatchObject({ message: "the disk of the container engine is full" });
});

test("an image that is gone when the nodes are made is what is told of, and no node waits for the one that it was for", async () => {
  const engine = healthy(new FakeEngine(), ["c1", "c2"]);
  engine.failing.add("createContainer db");
  const answer = engine.program;
  // As long as there is no database, whoever needs it waits until it is told not to.
  engine.program = (call) =>
    call.argv[0] === "/usr/lib/slurmlab/start" && call.hostname !== "db"
      ? new Promise((_, reject) => {
          const { signal } = call.options;
          if (signal?.aborted) reject(signal.reason);
          signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
        })
      : answer(call);
  const { result } = await runOnFake(engine, async () => {});
  expect({ verdict: result.verdict, what: result.failure?.message, left: await engine.listOwned() }).toEqual({
    verdict: "broken",
    what: "the fake refuses: createContainer db",
    left: [],
  });
});
