import pc from "picocolors";
import { describe, expect, test } from "vitest";
import { type ClusterStatus, formatStatus, isWell, parseDaemons } from "../src/cli/cluster/status-table.ts";

const PRINTED = `run: /run/sv/munged: (pid 17) 30s
down: /run/sv/slurmd: 3s, normally up
run: slurmctld: (pid 20) 3600s; run: log: (pid 9) 3600s
finish: /run/sv/slurmdbd: (pid 99) 1s
`;

test("what runit says of daemons is read, line by line", () => {
  expect(parseDaemons(PRINTED)).toEqual([
    { name: "munged", up: true, seconds: 30 },
    { name: "slurmd", up: false, seconds: 3 },
    { name: "slurmctld", up: true, seconds: 3600 },
    { name: "slurmdbd", up: false, seconds: 1 },
  ]);
});

const WELL: ClusterStatus = {
  id: "hello-k3f9x2",
  slurm: "24.11",
  state: "kept",
  since: "2026-11-26T04:00:00Z",
  controller: ["Slurmctld(primary) at ctl is UP"],
  jobs: { RUNNING: 2, PENDING: 1 },
  nodes: [
    {
      name: "c1",
      roles: ["slurmd"],
      container: "running",
      daemons: parseDaemons("run: slurmd: (pid 1) 5s"),
      slurm: "MIXED",
    },
    {
      name: "ctl",
      roles: ["slurmctld"],
      container: "running",
      daemons: parseDaemons("run: slurmctld: (pid 1) 5s"),
    },
  ],
};
const [c1, ctl] = WELL.nodes;
const withC1 = (change: object): ClusterStatus => ({
  ...WELL,
  nodes: [{ ...(c1 as NonNullable<typeof c1>), ...change }, ctl as NonNullable<typeof ctl>],
});

/** A machine that nodes share. */
const withPack = (packed: Record<string, string | undefined>): ClusterStatus => ({
  ...WELL,
  nodes: [
    ...WELL.nodes,
    {
      name: "n-pack1",
      roles: ["slurmd"],
      container: "running",
      daemons: parseDaemons(
        ["munged", ...Object.keys(packed).map((name) => `slurmd-${name}`)]
          .map((name) => `run: ${name}: (pid 1) 5s`)
          .join("\n"),
      ),
      packed,
    },
  ],
});

test("nodes that share a machine are one line: their daemons as a hostlist, their states counted", () => {
  const shared = withPack({ n1: "IDLE", n2: "IDLE", n3: "ALLOCATED" });
  expect(isWell(shared)).toBe(true);
  expect(formatStatus(shared, pc.createColors(false))).toMatch(
    /^n-pack1 +slurmd +running +munged slurmd-n\[1-3\] +2 IDLE, 1 ALLOCATED$/m,
  );
});

describe("a cluster", () => {
  test("is well when all run, the controller answers, and every worker serves", () =>
    expect(isWell(WELL)).toBe(true));
  test.each([
    ["a node is paused", withC1({ container: "paused", daemons: [] })],
    ["a daemon is down", withC1({ daemons: parseDaemons("down: slurmd: 3s") })],
    ["a worker is drained", withC1({ slurm: "IDLE+DRAIN" })],
    ["a worker does not answer", withC1({ slurm: "DOWN+NOT_RESPONDING" })],
    ["no controller answers", { ...WELL, controller: ["Slurmctld(primary) at ctl is DOWN"] }],
    ["one of the nodes of a machine does not answer", withPack({ n1: "IDLE", n2: "DOWN+NOT_RESPONDING" })],
    ["slurmctld does not know one of them", withPack({ n1: "IDLE", n2: undefined })],
  ])("is not well when %s", (_, status) => expect(isWell(status)).toBe(false));
});

test("the table has a line a node, with what is wrong in words", () => {
  const status = withC1({
    daemons: parseDaemons("down: slurmd: 3s"),
    slurm: "DOWN",
    reason: "Not responding",
  });
  expect(
    formatStatus(status, pc.createColors(false)),
  ).toBe(`hello-k3f9x2  Slurm 24.11  kept  since 2026-11-26T04:00:00Z
Slurmctld(primary) at ctl is UP
jobs: 2 RUNNING, 1 PENDING

node  roles      container  daemons              slurmctld says
c1    slurmd     running    slurmd DOWN for 3 s  DOWN (Not responding)
ctl   slurmctld  running    slurmctld`);
});
