import { type ClusterSpecInput, type GpuDetection, planCluster } from "@slurmlab/config-gen";
import { describe, expect, test } from "vitest";
import { decideGpus, GpusUnavailable } from "../src/cluster/gpus.ts";
import { type Facts, factsFor, parseFacts, probeGround } from "../src/cluster/ground.ts";
import { FakeEngine } from "./support/fake-engine.ts";

const BARE: Facts = {
  cgroup: "v1",
  cgroupWhy: "",
  mockGpus: { major: 195 },
  hostGpus: [],
  realGpus: { why: "no driver" },
  undetectable: {},
};
const WITH_CARDS: Facts = {
  ...BARE,
  hostGpus: Array(8).fill("NVIDIA H100 80GB HBM3"),
  realGpus: { count: 8 },
};

function plan(mode: "mock" | "real" | "auto", count = 4, gpuDetection: GpuDetection = "file") {
  const spec: ClusterSpecInput = {
    gpuDetection,
    nodes: [{ name: "g[1-2]", roles: ["slurmd"], gpus: { type: "a100", count, mode } }],
  };
  const planned = planCluster(spec, { defaultSlurm: "24.11" });
  if (!planned.ok) throw new Error("the test's own cluster is wrong");
  return planned.plan;
}

describe("what the probe container prints", () => {
  test("is read with its reasons", () => {
    const facts = parseFacts(
      "cgroup=none\ncgroup_why=read-only file system\ngpu_major=499\nmknod=no\nmknod_why=Operation not permitted\n",
    );
    expect(facts).toEqual({
      cgroup: "none",
      cgroupWhy: "read-only file system",
      mockGpus: { why: "Operation not permitted" },
      hostGpus: [],
      realGpus: { why: "the host has no NVIDIA driver loaded" },
      undetectable: {},
    });
  });
  test("ends with no colon where a refusal had no words", () => {
    const said = parseFacts("cgroup=none\ncgroup_why=cgroup v1 is not writable in a container here: \n");
    expect(said.cgroupWhy).toBe("cgroup v1 is not writable in a container here");
  });
  test("promises no mock GPUs where a device that a rule was given for cannot be opened", () => {
    const facts = (said: string) =>
      parseFacts(`gpu_major=195\nmknod=yes\ndevice_rule=cat: /tmp/tried: ${said}\n`);
    expect(facts("Operation not permitted").mockGpus).toEqual({
      why: expect.stringContaining("DeviceCgroupRules"),
    });
    expect(facts("No such device or address").mockGpus).toEqual({ major: 195 });
  });
  test("tells why slurmd cannot find GPUs in a way, and nothing of the ways that work", () => {
    const { undetectable } = parseFacts("nvml=no: contrib has no plugin\nnvidia=yes\n");
    expect(undetectable).toEqual({ nvml: "contrib has no plugin" });
  });
  test("lists each card of the host", () => {
    expect(
      parseFacts("cgroup=v2\ngpu_major=499\nmknod=yes\nhost_gpu=NVIDIA T4\nhost_gpu=NVIDIA T4\n").hostGpus,
    ).toEqual(["NVIDIA T4", "NVIDIA T4"]);
  });
  test("that says nothing promises nothing", () => {
    expect(parseFacts("")).toMatchObject({ cgroup: "none", hostGpus: [] });
  });
});

describe("GPUs of mode auto", () => {
  test("are mock without a driver, and every node counts from 0", () => {
    const decision = decideGpus(plan("auto"), BARE);
    expect(decision).toMatchObject({ mode: "mock", line: expect.stringContaining("no NVIDIA driver") });
    expect(decision?.gpus.g2).toEqual([{ type: "a100", minors: [0, 1, 2, 3] }]);
  });
  test("are real when there are enough, shared out over the nodes", () => {
    const decision = decideGpus(plan("auto"), WITH_CARDS);
    expect(decision?.mode).toBe("real");
    expect(decision?.gpus.g2).toEqual([{ type: "a100", minors: [4, 5, 6, 7] }]);
  });
  test("are mock when the engine has no toolkit, and that is said", () => {
    const facts: Facts = { ...WITH_CARDS, realGpus: { why: "the engine has no NVIDIA container toolkit" } };
    expect(decideGpus(plan("auto"), facts)).toMatchObject({
      mode: "mock",
      line: expect.stringContaining("no NVIDIA container toolkit"),
    });
  });
  test("are mock when there are too few", () =>
    expect(decideGpus(plan("auto", 5), WITH_CARDS)?.mode).toBe("mock"));
});

test("real GPUs that are not there are an error with the reason, never mock ones", () => {
  expect(() => decideGpus(plan("real"), BARE)).toThrow(GpusUnavailable);
});

test("mock GPUs are mock on a machine with cards", () => {
  expect(decideGpus(plan("mock"), WITH_CARDS)?.mode).toBe("mock");
});

test("mock GPUs where no device node can be made are an error with the reason", () => {
  const facts: Facts = { ...BARE, mockGpus: { why: "Operation not permitted" } };
  expect(() => decideGpus(plan("mock"), facts)).toThrow(/Operation not permitted/);
});

describe("how slurmd learns of its GPUs", () => {
  test.each([
    ["file", "mock GPUs: 8 on 2 nodes, named in gres.conf"],
    ["nvml", "mock GPUs: 8 on 2 nodes, found by AutoDetect=nvml"],
    ["nvidia", "mock GPUs: 8 on 2 nodes, found by AutoDetect=nvidia"],
    ["fake", "mock GPUs: 8 on 2 nodes, named in fake_gpus.conf"],
  ] as const)("is said beside where they come from: %s", (way, line) => {
    expect(decideGpus(plan("mock", 4, way), BARE)?.line).toBe(line);
  });

  const without: Facts = {
    ...BARE,
    undetectable: { nvml: "contrib has no plugin", nvidia: "not permitted" },
  };
  test.each(["nvml", "nvidia"] as const)("is an error with the reason where %s cannot be had", (way) => {
    expect(() => decideGpus(plan("mock", 4, way), without)).toThrow(
      new GpusUnavailable(`gpuDetection: ${way} cannot be had here: ${without.undetectable[way]}`),
    );
  });
  test("by files of the mock's is no matter where the GPUs are real", () => {
    const facts = { ...without, ...WITH_CARDS, undetectable: without.undetectable };
    expect(decideGpus(plan("real", 4, "nvidia"), facts)?.mode).toBe("real");
    expect(() => decideGpus(plan("real", 4, "nvml"), facts)).toThrow(/contrib has no plugin/);
  });
});

describe("what a release can use of the host's cgroups", () => {
  const v2: Facts = { ...BARE, cgroup: "v2" };
  test("is v2 from 22.05 on", () => expect(factsFor("22.05", v2).cgroup).toBe("v2"));
  test("is none for 20.11 on a v2 host, with the reason", () => {
    expect(factsFor("20.11", v2)).toMatchObject({
      cgroup: "none",
      cgroupWhy: expect.stringContaining("knows only v1"),
    });
  });
  test("is v1 for 20.11 on a v1 host", () => expect(factsFor("20.11", BARE).cgroup).toBe("v1"));
});

describe("the ladder to real GPUs", () => {
  const probe = { name: "slurmlab-x-ground", image: "any", labels: {} };
  const log = "cgroup=v2\ngpu_major=499\nmknod=yes\nhost_gpu=NVIDIA T4\n";

  test("ends at a driver without a toolkit", async () => {
    const engine = Object.assign(new FakeEngine(), { log });
    expect((await probeGround(engine, probe)).facts.realGpus).toEqual({
      why: "the engine has no NVIDIA container toolkit",
    });
  });

  test("ends at a container in which nvidia-smi fails, with its words", async () => {
    const engine = Object.assign(new FakeEngine(), { log });
    Object.assign(engine.facts, { gpuDriver: "cdi" });
    expect((await probeGround(engine, probe)).facts.realGpus).toMatchObject({
      why: expect.stringContaining("nvidia-smi fails in a container"),
    });
  });

  test("leads to as many as nvidia-smi lists in a container", async () => {
    const engine = Object.assign(new FakeEngine(), { log: `${log}GPU 0: Tesla T4 (UUID: GPU-x)\n` });
    Object.assign(engine.facts, { gpuDriver: "nvidia" });
    expect((await probeGround(engine, probe)).facts.realGpus).toEqual({ count: 1 });
  });

  test("leaves no container behind", async () => {
    const engine = Object.assign(new FakeEngine(), { log });
    Object.assign(engine.facts, { gpuDriver: "cdi" });
    await (await probeGround(engine, probe)).gone;
    expect(engine.containers.size).toBe(0);
  });
});

describe("the limit of open files", () => {
  const openFiles = (limit: string) => parseFacts(`cgroup=v2\nopen_files=${limit}\n`).openFiles;
  test("is brought down to a sane one where the engine hands down a huge one, or none", () => {
    expect([openFiles("1073741816"), openFiles("unlimited")]).toEqual([131_072, 131_072]);
  });
  test("is left alone where it is sane, since raising it takes a capability", () => {
    expect([openFiles("20000"), openFiles("1024")]).toEqual([undefined, undefined]);
  });
});
