import type { ClusterSpecInput } from "@slurmlab/config-gen";
import { describe, expect, test } from "vitest";
import { freeAddresses } from "../src/cluster/network.ts";
import { jobsOn } from "../src/cluster/scale/jobs.ts";
import { merged } from "../src/cluster/scale/merged.ts";
import { takersOf } from "../src/cluster/scale/taken.ts";
import { allUp } from "../src/cluster/scale/up.ts";
import { workersChange } from "../src/cluster/scale/wanted.ts";

const nodes = (...written: ClusterSpecInput["nodes"]): ClusterSpecInput => ({ nodes: written });
const ONE_KIND = nodes({ name: "c[1-4]", roles: ["slurmd"] });
const SPEC = nodes(
  { name: "ctl", roles: ["slurmctld"] },
  { name: "c[1-2]", roles: ["slurmd"] },
  { name: "g1", roles: ["slurmd"], gpus: { type: "a100", count: 4 } },
  { name: "g2", roles: ["slurmd"], gpus: { type: "t4", count: 2 } },
);
const problem = (spec: ClusterSpecInput, wanted: string, like?: string) => {
  try {
    workersChange(spec, wanted, like);
  } catch (error) {
    return error;
  }
  throw new Error("nothing was refused");
};

describe("what is wanted of a cluster's workers", () => {
  test.for([
    ["6", ["c5", "c6"], []],
    ["2", [], ["c3", "c4"]],
    ["+1", ["c5"], []],
    ["-1", [], ["c4"]],
    ["4", [], []],
    ["c[1-2,6]", ["c6"], ["c3", "c4"]],
  ] as const)("%s of c[1-4] adds %j and removes %j", ([wanted, add, remove]) => {
    const change = workersChange(ONE_KIND, wanted, undefined);
    expect([change.add.flatMap(({ names }) => names), change.remove]).toEqual([[...add], [...remove]]);
  });

  test("by names is of their kind: others stay", () => {
    expect(workersChange(SPEC, "c[1-3]", undefined)).toEqual({
      add: [{ names: ["c3"], like: "c2" }],
      remove: [],
    });
  });

  test("is of the kind of a worker that is named, past names that another one has", () => {
    expect(workersChange(SPEC, "+1", "g1")).toEqual({ add: [{ names: ["g3"], like: "g1" }], remove: [] });
  });

  test("goes on counting in as many digits", () => {
    const padded = nodes({ name: "n[08-09]", roles: ["slurmd"] });
    expect(workersChange(padded, "+1", undefined).add).toEqual([{ names: ["n10"], like: "n09" }]);
  });

  test("has a model that stays, though the last of the kind goes", () => {
    expect(workersChange(ONE_KIND, "c[1-2,9]", undefined).add).toEqual([{ names: ["c9"], like: "c2" }]);
  });

  test.for([
    ["+1", undefined, { message: "more of which workers?", hint: "--like c1" }],
    ["0", "c1", { message: "no worker like c1 would be left" }],
    ["-5", "c1", { message: "no worker like c1 would be left" }],
    ["+1", "c7", { message: 'no worker "c7"', hint: 'did you mean "c1"?' }],
    ["+1", "ctl", { message: expect.stringContaining("more than a worker") }],
    ["ctl", undefined, { message: expect.stringContaining("more than a worker") }],
    ["g3", undefined, { message: "g3 could be like g1 or g2" }],
    ["x1", undefined, { message: 'no worker is called anything like "x1"' }],
    ["c[1-", undefined, { message: expect.stringContaining("never closed") }],
  ] as const)("%s, like %s, is refused: %j", ([wanted, like, expected]) => {
    expect(problem(SPEC, wanted, like)).toMatchObject({ kind: "bad-input", ...expected });
  });
});

describe("a generated file that somebody has changed", () => {
  const BEFORE = "ClusterName=lab\nKillWait=5\nNodeName=c1 CPUs=4\nPartitionName=main Nodes=c1\n";
  const AFTER = BEFORE.replace("c1 CPUs", "c[1-2] CPUs").replace("Nodes=c1", "Nodes=c[1-2]");

  test("keeps that, and gets the new nodes", () => {
    const current = `# by hand\n${BEFORE.replace("ClusterName=lab", "ClusterName=lab\nMaxJobCount=7")}`;
    expect(merged(current, BEFORE, AFTER)).toBe(
      `# by hand\n${AFTER.replace("ClusterName=lab", "ClusterName=lab\nMaxJobCount=7")}`,
    );
  });

  test("where the nodes stand is not guessed at", () => {
    expect(merged(BEFORE.replace("CPUs=4", "CPUs=8"), BEFORE, AFTER)).toBeUndefined();
  });
});

describe("addresses for more nodes", () => {
  test("come behind those that there are", () => {
    expect(freeAddresses(["10.213.7.10", "10.213.7.12"], 2)).toEqual(["10.213.7.13", "10.213.7.14"]);
  });

  test("come from gaps at the end of the network", () => {
    expect(freeAddresses(["10.213.7.10", "10.213.7.253"], 2)).toEqual(["10.213.7.254", "10.213.7.11"]);
    expect(freeAddresses(["10.214.32.10", "10.214.32.255"], 1)).toEqual(["10.214.33.0"]);
    expect(freeAddresses(["10.214.32.10", "10.214.47.254"], 1)).toEqual(["10.214.32.11"]);
  });

  test("may not suffice", () => {
    const all = freeAddresses(["10.213.7.10"], 244);
    expect(all.at(-1)).toBe("10.213.7.254");
    expect(() => freeAddresses(["10.213.7.10"], 245)).toThrow("has not so many addresses");
  });
});

describe("jobs that are in the way of nodes that go", () => {
  const SQUEUE = `7|RUNNING|c[1-2]|
8|COMPLETING|c2|
9_[1-4]|PENDING||c[2-3]
10|PENDING||
11|SUSPENDED|c3|c3
`;

  test("run there, or ask for one by name; one that ends is only waited for", () => {
    expect(jobsOn(SQUEUE, ["c2"])).toEqual({ running: ["7"], there: ["7", "8"], asking: ["9_[1-4]"] });
    expect(jobsOn(SQUEUE, ["c3"])).toEqual({ running: ["11"], there: ["11"], asking: ["9_[1-4]"] });
  });

  test("are none where nothing is", () => {
    expect(jobsOn(SQUEUE, ["c9"])).toEqual({ running: [], there: [], asking: [] });
  });
});

describe("nodes that are to be without jobs", () => {
  const shown = (state: string, reason = "") =>
    `NodeName=c2 Arch=x86_64 State=${state} ThreadsPerCore=1 ${reason}\nNodeName=c3 State=IDLE \n`;

  test.for(["IDLE", "MIXED", "ALLOCATED+COMPLETING", "IDLE*"])("take jobs when they are %s", (state) => {
    expect(takersOf(shown(state), ["c2"])).toEqual({ open: ["c2"], draining: new Map() });
  });

  test.for(["MIXED+DRAIN", "ALLOCATED+DRAIN", "IDLE+COMPLETING+DRAIN"])(
    "are drained again, for the same reason, when they were %s",
    (state) => {
      expect(takersOf(shown(state, "Reason=bad disk [2] [root@2026-01-02T03:04:05]"), ["c2"])).toEqual({
        open: [],
        draining: new Map([["c2", "bad disk [2]"]]),
      });
    },
  );

  test.for(["DOWN", "DOWN*", "DOWN+DRAIN", "IDLE+DRAIN"])("stay what they are when they are %s", (state) => {
    expect(takersOf(shown(state), ["c2"])).toEqual({ open: [], draining: new Map() });
  });
});

describe("new workers are up", () => {
  const shown = (state: string) => ({ code: 0, output: `NodeName=c2 Arch=x86_64 State=${state} Reason=x\n` });

  test.for(["IDLE", "MIXED", "ALLOCATED+COMPLETING", "IDLE+RESERVED"])("when they are %s", (state) => {
    expect(allUp(shown(state), ["c2"]).is).toBe("met");
  });

  test.for(["UNKNOWN", "IDLE*", "DOWN", "IDLE+NOT_RESPONDING"])("not yet when they are %s", (state) => {
    expect(allUp(shown(state), ["c2"]).is).toBe("pending");
  });

  test.for(["IDLE+DRAIN", "DOWN+DRAIN+INVALID_REG"])("never when they are %s", (state) => {
    expect(allUp(shown(state), ["c2"]).is).toBe("hopeless");
  });

  test("not when slurmctld knows nothing of one", () => {
    expect(allUp(shown("IDLE"), ["c2", "c3"])).toMatchObject({ is: "pending" });
  });
});
