import { describe, expect, test } from "vitest";
import { shrinkSite } from "../../src/index.ts";
import { siteOf } from "../read/corpus.ts";
import { BASE, known, shrink } from "./shrunk.ts";

describe("programs", () => {
  const FILES = {
    "slurm.conf": `${BASE}NodeName=n1\nProlog=/etc/slurm/prolog.sh\nEpilog=/srv/gone.sh\nJobSubmitPlugins=lua\n`,
    "prolog.sh": "#!/bin/sh\necho ours\n",
    "job_submit.lua": "-- ours\n",
  };

  test.each([
    ["auto", [false, true]],
    ["carry", [true, true]],
    ["stub", [false, false]],
  ] as const)("with hooks %s are carried along: prolog and Lua %j", (mode, wanted) => {
    const { scripts } = shrink(FILES, 1, mode).spec;
    expect([scripts?.prolog, scripts?.jobSubmit].map((text) => /ours/.test(text ?? ""))).toEqual(wanted);
  });

  test("that are not in the folder are stubs, and that is said", () => {
    const { spec, told } = shrink(FILES, 1, "carry");
    expect(spec.scripts?.epilog).toContain("exit 0");
    expect(told("Epilog")).toEqual(["by a stub that does nothing: /srv/gone.sh is not in the folder"]);
  });

  test("that are empty files are stubs too", () => {
    expect(shrink({ ...FILES, "prolog.sh": "" }, 1, "carry").spec.scripts?.prolog).toContain("exit 0");
  });
});

describe("keys", () => {
  const keys = (lines: string) => shrink(`${BASE}NodeName=n1\n${lines}`);

  test("that are policy are kept", () => {
    expect(keys("priorityweightage=5\n").main).toMatchObject({ PriorityWeightAge: 5 });
  });

  test("that lint refuses are left out, with its reason", () => {
    const { main, told } = keys("NoSuchKey=1\nSlurmdTimeout=soon\n");
    expect([main.NoSuchKey, main.SlurmdTimeout]).toEqual([undefined, undefined]);
    expect([told("NoSuchKey").length, told("SlurmdTimeout").length]).toEqual([1, 1]);
  });

  test("that lint refuses do not come back with what the lab adds", () => {
    const site = siteOf(`${BASE}NodeName=n1\nSlurmdParameters=bad\n`);
    const place = { file: "slurm.conf", line: 5, column: 18 };
    const bad = {
      severity: "error",
      code: "bad-word",
      path: "SlurmdParameters",
      message: "no",
      place,
    } as const;
    const { spec } = shrinkSite(site, {
      nodes: 1,
      hooks: "auto",
      problems: [bad],
      knowledge: known("24.11"),
    });
    expect(spec.overrides?.["slurm.conf"]?.SlurmdParameters).toBe("config_overrides");
  });

  test("that the lab adds to keep what is there", () => {
    expect(keys("SlurmdParameters=l3cache_as_socket\n").main.SlurmdParameters).toBe(
      "l3cache_as_socket,config_overrides",
    );
  });

  test.each([
    ["JobSubmitPlugins=lua,pbs", "JobSubmitPlugins", "lua", "pbs of JobSubmitPlugins"],
    ["PrologFlags=Alloc,X11", "PrologFlags", "Alloc", "X11 of PrologFlags"],
    ["PrologFlags=x11", "PrologFlags", null, "x11 of PrologFlags"],
  ])("with words for other machines lose those: %s", (line, key, value, what) => {
    const { main, told } = keys(`${line}\n`);
    expect([main[key], told(what).length]).toEqual([value, 1]);
  });

  test("of the lab's that the site does not say are taken out, so that Slurm's own default holds", () => {
    expect(keys("").main).toMatchObject({ DefMemPerCPU: null, SelectType: null });
  });

  test("of cgroup.conf and slurmdbd.conf that are the lab's part are left out, and that is said", () => {
    const { spec, told } = shrink({
      "slurm.conf": `${BASE}NodeName=n1\n`,
      "cgroup.conf": "ConstrainDevices=yes\nCgroupMountpoint=/x\n",
      "slurmdbd.conf": "DbdHost=d\nPrivateData=jobs\n",
    });
    expect(spec.overrides).toMatchObject({
      "cgroup.conf": { ConstrainDevices: "yes" },
      "slurmdbd.conf": { PrivateData: "jobs" },
    });
    expect([told("CgroupMountpoint of cgroup.conf").length, told("DbdHost of slurmdbd.conf").length]).toEqual(
      [1, 1],
    );
  });
});

describe("a folder of programs", () => {
  const several = (files: Readonly<Record<string, string>>) =>
    shrink({ "slurm.conf": `${BASE}NodeName=n1\nProlog=/etc/slurm/prolog.d/*\n`, ...files }, 1, "carry");

  test("with one in it is that one", () => {
    expect(several({ "prolog.d/10-a.sh": "echo a\n" }).spec.scripts?.prolog).toBe("echo a\n");
  });

  test("with several is a stub, which is said with their names", () => {
    const { spec, told } = several({ "prolog.d/10-a.sh": "echo a\n", "prolog.d/20-b.sh": "echo b\n" });
    expect(spec.scripts?.prolog).toContain("exit 0");
    expect(told("Prolog")[0]).toContain("prolog.d/10-a.sh, prolog.d/20-b.sh are several");
  });
});

test("PreemptMode goes with a PreemptType that the daemon would refuse", () => {
  const lines = "PreemptType=preempt/partition_priority\nPreemptMode=REQUEUE\n";
  const { main, told } = shrink(`${BASE}NodeName=n1\n${lines}`);
  expect(main.PreemptMode).toBeUndefined();
  expect(told("PreemptMode")).toEqual(["Slurm refuses it without PreemptType"]);
});
