import { type Job, scenario } from "@slurmlab/harness";
import { parseProbe } from "./support/gpu-probe.ts";

const PROBE = "/opt/mockgpu/bin/gpu-probe";

// `--without-fault` runs it without ConstrainDevices: then the environment alone keeps jobs apart, and the claim is false.
// Not covered: MIG, shards and MPS, a job of several nodes, and what CUDA itself does; gpu-job has the counting of GPUs.
export default scenario({
  title:
    "Two jobs on one node see and can open one GPU each, not the same; a third waits; a job without GPUs has none",
  tags: ["gpu", "cgroup"],
  cluster: {
    nodes: [{ name: "g1", roles: ["slurmd"], cpus: 4, gpus: { type: "a100", count: 2 } }],
    // slurmstepd says at this level only what it keeps a job from.
    overrides: { "slurm.conf": { SlurmdDebug: "debug" } },
  },
  without: { overrides: { "cgroup.conf": { ConstrainDevices: "no" } } },
  async run({ submit, until, expect, expectLog, output, finish, unchecked, cluster }) {
    const jobs: Job[] = [];
    for (const name of ["left", "right"]) jobs.push(await submit({ name, run: PROBE, gpus: 1, stays: true }));
    const probes = [];
    for (const job of jobs) {
      await until({ output: job, matches: /"nvml"/ });
      probes.push(parseProbe(await output({ of: job })));
    }
    const third = await submit({ name: "third", run: PROBE, gpus: 1 });
    await until({ job: third, is: "PENDING", reason: "Resources" });
    const none = await submit({ name: "none", run: PROBE });
    await until({ job: none, is: "COMPLETED" });

    if (cluster.facts.cgroup === "none") {
      await unchecked({ what: "a job can open no GPU but its own", because: cluster.facts.cgroupWhy });
    } else {
      const opened = probes.map(({ nodes }) => openable(nodes));
      await expect({
        that: "each can open one GPU",
        actual: opened.map((list) => list.length),
        equals: [1, 1],
      });
      await expect({ that: "and not the same", actual: new Set(opened.flat()).size, equals: 2 });
      const seen = probes.map(({ uuids }) => uuids.length);
      await expect({ that: "each sees one GPU through NVML", actual: seen, equals: [1, 1] });
      const without = parseProbe(await output({ of: none }));
      await expect({ that: "a job without GPUs can open none", actual: openable(without.nodes), equals: [] });
      await expectLog({ of: "slurmd", on: "g1", matches: /task\/cgroup: init: device enforcement enabled/ });
    }

    const [left, right] = jobs;
    if (left) await finish({ job: left });
    await until({ job: third, is: "COMPLETED" });
    if (right) await finish({ job: right });
    for (const job of [...jobs, third])
      await until({ accounting: job, is: "COMPLETED", exitCode: "0:0", tres: { "gres/gpu": 1 } });
    await until({ accounting: none, is: "COMPLETED", tres: { "gres/gpu": 0 } });
  },
});

/** The device nodes that open() was not refused: a mock's answers ENXIO, as it has no driver. */
function openable(nodes: Readonly<Record<string, string>>): string[] {
  return Object.keys(nodes).filter((node) => nodes[node] !== "EPERM");
}
