import { describe, expect, test } from "vitest";
import type { Cluster } from "../src/cluster/cluster.ts";
import { ForeseenEnds, parseEnds } from "../src/cluster/foreseen-ends.ts";
import { LogMarks } from "../src/cluster/log-marks.ts";
import type { Node } from "../src/cluster/node.ts";
import { changeNodeLine } from "../src/faults/node-line.ts";
import { patched, withoutProblems } from "../src/scenario/without.ts";

describe("ends of daemons", () => {
  const line = (daemon: string, how = "exit code 0") => `2026-01-01T00:00:00.000Z ${daemon} ended: ${how}`;
  const ends = (...daemons: string[]) => parseEnds("c1", daemons.map((daemon) => line(daemon)).join("\n"));

  test("that nobody foresaw are all told of", () => {
    expect(new ForeseenEnds().unforeseen(ends("slurmd", "munged"))).toHaveLength(2);
  });

  test("that a step foresaw are not", () => {
    const foreseen = new ForeseenEnds();
    foreseen.foresee("c1", "slurmd");
    expect(foreseen.unforeseen(ends("slurmd"))).toEqual([]);
  });

  test("beyond the number foreseen are told of, the latest of them", () => {
    const foreseen = new ForeseenEnds();
    foreseen.foresee("c1", "slurmd");
    const log = [line("slurmd"), line("slurmd", "killed by signal 11")].join("\n");
    expect(foreseen.unforeseen(parseEnds("c1", log)).map((end) => end.line)).toEqual([
      line("slurmd", "killed by signal 11"),
    ]);
  });

  test("of another daemon, or on another node, are told of", () => {
    const foreseen = new ForeseenEnds();
    foreseen.foresee("c1", "slurmd");
    expect(foreseen.unforeseen([...ends("munged"), ...parseEnds("c2", line("slurmd"))])).toHaveLength(2);
  });
});

describe("marks in logs", () => {
  const c1 = { name: "c1", machineName: "c1", service: (daemon: string) => daemon } as unknown as Node;
  const n7 = { name: "n7", machineName: "n-pack1", service: () => "slurmd-n7" } as unknown as Node;
  const clusterOf = (answer: () => Promise<{ code: number; stdout: string }>) =>
    ({ nodes: [{ name: "c1", exec: answer }], signal: new AbortController().signal }) as unknown as Cluster;

  test("before there is one, a log is read from its beginning", () => {
    expect(new LogMarks().argvAfter(c1, "slurmd").slice(3)).toEqual([
      "after",
      "0",
      "/var/log/slurm/slurmd.log",
      "0",
      "/var/log/slurm/slurmd.stderr.log",
    ]);
  });

  test("a log is read from where it ended when the mark was set", async () => {
    const marks = new LogMarks();
    await marks.set(clusterOf(async () => ({ code: 0, stdout: "120 slurmd.log\n7 slurmd.stderr.log\n" })));
    expect(marks.argvAfter(c1, "slurmd").slice(4)).toEqual([
      "120",
      "/var/log/slurm/slurmd.log",
      "7",
      "/var/log/slurm/slurmd.stderr.log",
    ]);
  });

  test("a node that shares its machine has a log of its own there", async () => {
    const marks = new LogMarks();
    const nodes = [
      {
        machineName: "n-pack1",
        name: "n-pack1",
        exec: async () => ({ code: 0, stdout: "9 slurmd-n7.log\n" }),
      },
    ];
    await marks.set({ nodes, signal: new AbortController().signal } as unknown as Cluster);
    expect(marks.argvAfter(n7, "slurmd").slice(4, 6)).toEqual(["9", "/var/log/slurm/slurmd-n7.log"]);
  });

  test("a node that does not answer keeps its earlier mark", async () => {
    const marks = new LogMarks();
    await marks.set(clusterOf(async () => ({ code: 0, stdout: "120 slurmd.log\n" })));
    await marks.set(clusterOf(() => Promise.reject(new Error("paused"))));
    expect(marks.argvAfter(c1, "slurmd")).toContain("120");
  });
});

describe("the line of one node in slurm.conf", () => {
  const conf =
    "ClusterName=lab\nNodeName=c[1-3] CPUs=4 RealMemory=1024 State=UNKNOWN\nPartitionName=main Nodes=ALL\n";

  test("is taken out of the line of several, which keep theirs", () => {
    expect(changeNodeLine(conf, "c2", { RealMemory: 9 })).toBe(
      "ClusterName=lab\nNodeName=c[1,3] CPUs=4 RealMemory=1024 State=UNKNOWN\nNodeName=c2 CPUs=4 RealMemory=9 State=UNKNOWN\nPartitionName=main Nodes=ALL\n",
    );
  });

  test("of nobody changes nothing", () => expect(changeNodeLine(conf, "c9", { CPUs: 1 })).toBe(conf));
});

describe("the cluster of a run without the fault", () => {
  const cluster = {
    nodes: [{ name: "c1", roles: ["slurmd" as const] }],
    overrides: { "cgroup.conf": { ConstrainDevices: "yes", ConstrainCores: "no" } },
  };

  test("has maps merged and everything else replaced", () => {
    const without = { overrides: { "cgroup.conf": { ConstrainDevices: "no" } } };
    expect(patched(cluster, without)).toEqual({
      ...cluster,
      overrides: { "cgroup.conf": { ConstrainDevices: "no", ConstrainCores: "no" } },
    });
  });

  test("has to be a right one", () => {
    expect(withoutProblems(cluster, { nodes: [{ name: "c1", roles: ["slurmb"] }] })).not.toEqual([]);
  });

  test("has to be another one", () => {
    expect(withoutProblems(cluster, {})).toMatchObject([
      { message: expect.stringContaining("expected a map") },
    ]);
  });
});
