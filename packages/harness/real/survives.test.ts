import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { whyNoDockerd } from "./support/own-dockerd.ts";
import { OwnEngine, type Ran } from "./support/own-engine.ts";

const LONG = `
title: A long job
cluster:
  nodes:
    - { name: c1, roles: [slurmd] }
steps:
  - submit: { name: long, run: sleep 600 }
    as: long
  - until: { job: $long, is: RUNNING, within: 30s }
  - until: { job: $long, is: COMPLETED, within: 8s }
`;
const IN_THE_MIDDLE = /✓ job \d+ \(long\) is RUNNING/;

/** What a person is told, whether there is evidence, and what is left. */
const told = ({ exitCode, report, folder }: Ran) => ({
  exit: exitCode,
  what: report.failure?.message,
  evidence: report.evidence !== undefined && existsSync(join(folder, report.evidence)),
  leftovers: report.leftovers,
});

describe.skipIf(whyNoDockerd !== "")(`a run survives ${whyNoDockerd}`, () => {
  const own = new OwnEngine();
  const scenario = join(mkdtempSync(join(tmpdir(), "slurmlab-survives-")), "long.yaml");
  beforeAll(async () => {
    writeFileSync(scenario, LONG);
    await own.make(1_500);
  });
  afterEach(async () => {
    expect(await own.left()).toEqual([]);
  });
  afterAll(() => own.purge());

  test.each(["SIGTERM", "SIGKILL"] as const)(
    "an engine that gets %s and is started again",
    async (signal) => {
      const ran = await own.run(scenario, { at: IN_THE_MIDDLE, event: () => own.restart(signal) });
      expect(told(ran)).toEqual({
        exit: 3,
        what: "the container engine has ended, and its containers with it",
        evidence: true,
        leftovers: [],
      });
    },
  );

  test("an engine that hangs, and goes on when the run has noticed it", async () => {
    const ran = await own.run(
      scenario,
      { at: IN_THE_MIDDLE, event: () => own.signal("SIGSTOP") },
      { at: /waiting up to 30 s for it to answer again/, event: () => own.signal("SIGCONT") },
    );
    expect(told(ran)).toEqual({
      exit: 3,
      what: "the container engine has not answered for 30 s",
      evidence: true,
      leftovers: [],
    });
  });

  test("the end of a node that was killed, and does not wait for what it can no longer see", async () => {
    const kill = async () => (await own.container("ctl")).kill();
    const ran = await own.run(scenario, { at: IN_THE_MIDDLE, event: kill });
    expect(told(ran)).toEqual({
      exit: 3,
      what: "the container of ctl has ended, and no step has ended it",
      evidence: true,
      leftovers: [],
    });
  });

  test("a daemon that the kernel kills for want of memory, and says how many it has killed there", async () => {
    const ran = await own.run(scenario, {
      at: IN_THE_MIDDLE,
      event: async () => {
        const c1 = await own.container("c1");
        const megabytes = 12 * 1024 * 1024;
        await c1.update({ Memory: megabytes, MemorySwap: megabytes });
        await (await own.engine()).exec(c1.id, ["tail", "/dev/zero"]);
      },
    });
    expect(told(ran)).toEqual({
      exit: 3,
      what: "slurmd on c1 was killed, and no step has killed it",
      evidence: true,
      leftovers: [],
    });
    expect(ran.report.failure?.seen).toMatch(/c1: the kernel counts \d+ killed there as memory ran out/);
  });

  test("a disk of the engine that is full", async () => {
    const fill = join(own.disk, "fill");
    try {
      const ran = await own.run(scenario, {
        at: IN_THE_MIDDLE,
        event: () => execa("dd", ["if=/dev/zero", `of=${fill}`, "bs=1M"], { reject: false }),
      });
      expect(told(ran)).toEqual({
        exit: 3,
        what: "the disk of the container engine is full",
        evidence: true,
        leftovers: [],
      });
    } finally {
      rmSync(fill, { force: true });
    }
  });

  test("a pool of networks of which somebody has all", async () => {
    const taker = await own.docker.createNetwork({
      Name: "taker",
      Internal: true,
      IPAM: { Driver: "default", Config: [{ Subnet: "10.213.0.0/16" }] },
    });
    try {
      const ran = await own.run(scenario);
      expect(told(ran)).toEqual({
        exit: 3,
        what: "the cluster's network could not be made",
        evidence: true,
        leftovers: [],
      });
    } finally {
      await taker.remove();
    }
  });
});
