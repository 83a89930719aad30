import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseNodeState, parseRecords, parseTres } from "../src/slurm/records.ts";
import { parseSacct } from "../src/slurm/sacct.ts";

// As `scontrol -o show node` of 24.11.5 printed it, shortened.
const NODE =
  "NodeName=g1 Arch=x86_64 CoresPerSocket=4  CPUAlloc=0 Gres=gpu:a100:4 OS=Linux 6.18.44 #1 SMP Wed Nov 4 " +
  "State=IDLE+DRAIN ThreadsPerCore=1 CfgTRES=cpu=4,mem=1G,billing=4,gres/gpu=4 AllocTRES= Reason=not good today [root@2026-11-22T06:00:00]\n";

describe("scontrol's one-line records", () => {
  const [node] = parseRecords(NODE);

  test("a value may have blanks", () => {
    expect(node?.get("OS")).toBe("Linux 6.18.44 #1 SMP Wed Nov 4");
    expect(node?.get("Reason")).toBe("not good today [root@2026-11-22T06:00:00]");
  });

  test("a value may have equal signs", () => {
    expect(node?.get("CfgTRES")).toBe("cpu=4,mem=1G,billing=4,gres/gpu=4");
  });

  test("an empty value is empty", () => {
    expect(node?.get("AllocTRES")).toBe("");
  });

  test("every line is a record", () => {
    expect(parseRecords(`${NODE}${NODE}\n`)).toHaveLength(2);
  });

  test("any text is read without an error", () => {
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(parseRecords(text))));
  });
});

test("a node's state is its base and its flags, in the words of every release", () => {
  expect(parseNodeState("IDLE+DRAIN+INVALID_REG")).toEqual({ base: "IDLE", flags: ["DRAIN", "INVALID_REG"] });
  expect(parseNodeState("DOWN*")).toEqual({ base: "DOWN", flags: ["NOT_RESPONDING"] });
});

test("TRES are read as a map", () => {
  expect([...parseTres("billing=1,cpu=1,gres/gpu:a100=1")]).toEqual([
    ["billing", "1"],
    ["cpu", "1"],
    ["gres/gpu:a100", "1"],
  ]);
});

test("sacct's rows lose the name that it adds to a cancelled job", () => {
  const [row] = parseSacct("3|CANCELLED by 1000|0:0|billing=1,gres/gpu=1\n");
  expect(row).toMatchObject({ id: "3", state: "CANCELLED", exitCode: "0:0" });
});
