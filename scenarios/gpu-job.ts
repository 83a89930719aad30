import { type Job, type ScenarioContext, scenario } from "@slurmlab/harness";
import { type Probe, parseProbe, parseProbes } from "./support/gpu-probe.ts";

// Not covered: MIG, shards and MPS, a GPU that fails while a job runs, AutoDetect=nvml, CUDA itself.
export default scenario({
  title: "A job gets the GPUs that it asked for: those, no others, and not before they are free",
  tags: ["gpu"],
  cluster: {
    nodes: [{ name: "g[1-2]", roles: ["slurmd"], cpus: 4, gpus: { type: "a100", count: 4 } }],
  },
  // Jobs are told which GPUs are theirs, and nothing keeps them from the others.
  without: { overrides: { "cgroup.conf": { ConstrainDevices: "no" } } },
  async run(lab) {
    const one = await oneGpu(lab);
    const two = await twoAtOnce(lab);
    const none = await noGpu(lab);
    const all = await allGpusThenOneMore(lab);
    await moreThanThereAre(lab);
    const failed = await aFailingJob(lab);

    const { until } = lab;
    await until({
      accounting: one,
      is: "COMPLETED",
      exitCode: "0:0",
      tres: { "gres/gpu": 1 },
    });
    for (const job of two) await until({ accounting: job, is: "CANCELLED", tres: { "gres/gpu": 1 } });
    await until({ accounting: none, is: "COMPLETED", tres: { "gres/gpu": 0 } });
    await until({ accounting: all, is: "CANCELLED", tres: { "gres/gpu": 8 } });
    await until({ accounting: failed, is: "FAILED", exitCode: "3:0", tres: { "gres/gpu": 1 } });
  },
});

/** The GPUs that nvidia-smi lists, one index a line. */
const NVIDIA_SMI = "nvidia-smi --query-gpu=index --format=csv,noheader";
const PROBE = "/opt/mockgpu/bin/gpu-probe";
/** Prints what it sees and keeps its GPUs until it is cancelled. */
const PROBE_AND_STAY = `srun ${PROBE}\nexec sleep infinity`;
const HAS_REPORTED = /"nvml"/;

async function oneGpu({ submit, until, output, expect, unchecked, cluster }: ScenarioContext): Promise<Job> {
  const job = await submit({ name: "one", run: `${PROBE}\n${NVIDIA_SMI}`, gpus: 1 });
  await until({ job, is: "COMPLETED" });
  const text = await output({ of: job });
  const seen = parseProbe(text);
  await expect({
    that: "a job that asks for 1 GPU has one in CUDA_VISIBLE_DEVICES",
    actual: seen.cudaVisibleDevices,
    matches: /^\d$/,
  });
  const enforced = cluster.facts.cgroup !== "none";
  if (!enforced) {
    await unchecked({ what: "a job sees its own GPU only", because: cluster.facts.cgroupWhy });
    return job;
  }
  await expect({ that: "NVML shows it exactly one GPU", actual: seen.uuids.length, equals: 1 });
  await expect({
    that: "nvidia-smi and CUDA_VISIBLE_DEVICES agree on which",
    actual: text
      .split("\n")
      .filter((line) => /^\d+$/.test(line))
      .join(","),
    equals: seen.cudaVisibleDevices,
  });
  await expect({
    that: "it can open that GPU and is refused the other three",
    actual: Object.values(seen.nodes).sort(),
    equals: [cluster.gpus?.mode === "real" ? "OK" : "ENXIO", "EPERM", "EPERM", "EPERM"].sort(),
  });
  return job;
}

async function twoAtOnce({
  submit,
  until,
  output,
  expect,
  cancel,
  cluster,
}: ScenarioContext): Promise<Job[]> {
  const jobs: Job[] = [];
  for (const name of ["left", "right"]) {
    jobs.push(await submit({ name, run: PROBE_AND_STAY, gpus: 1, nodelist: "g1" }));
  }
  const seen: Probe[] = [];
  for (const job of jobs) {
    await until({ output: job, matches: HAS_REPORTED });
    seen.push(parseProbe(await output({ of: job })));
  }
  if (cluster.facts.cgroup !== "none") {
    const uuids = seen.flatMap((probe) => probe.uuids);
    await expect({
      that: "two jobs at once on a node see one GPU each, and different ones",
      actual: new Set(uuids).size,
      equals: 2,
    });
  } else {
    // Without a device cgroup CUDA_VISIBLE_DEVICES holds the node's own numbers.
    const devices = seen.map((probe) => probe.cudaVisibleDevices);
    await expect({
      that: "two jobs at once on a node are given different GPUs",
      actual: new Set(devices).size,
      equals: 2,
    });
  }
  for (const job of jobs) await cancel({ job });
  for (const job of jobs) await until({ job, is: "CANCELLED" });
  return jobs;
}

async function noGpu({ submit, until, output, expect, unchecked, cluster }: ScenarioContext): Promise<Job> {
  const job = await submit({ name: "none", run: PROBE, nodelist: "g2" });
  await until({ job, is: "COMPLETED" });
  const seen = parseProbe(await output({ of: job }));
  await expect({
    that: "a job that asks for no GPU has none in CUDA_VISIBLE_DEVICES",
    actual: seen.cudaVisibleDevices,
    matches: /^(null|NoDevFiles|)$/,
  });
  if (cluster.facts.cgroup === "none") {
    await unchecked({ what: "a job without GPUs can open none", because: cluster.facts.cgroupWhy });
    return job;
  }
  await expect({ that: "NVML shows it no GPU", actual: seen.uuids, equals: [] });
  await expect({
    that: "it can open none",
    actual: [...new Set(Object.values(seen.nodes))],
    equals: ["EPERM"],
  });
  return job;
}

async function allGpusThenOneMore({ submit, until, output, expect, cancel }: ScenarioContext): Promise<Job> {
  const all = await submit({ name: "all", run: PROBE_AND_STAY, nodes: 2, gpusPerNode: 4 });
  await until({ output: all, matches: /"nvml"[\s\S]*"nvml"/ });
  const uuids = parseProbes(await output({ of: all })).flatMap((probe) => probe.uuids);
  await expect({
    that: "a job over two nodes with all their GPUs sees all eight",
    actual: new Set(uuids).size,
    equals: 8,
  });
  const more = await submit({ name: "one-more", run: "true", gpus: 1 });
  await until({ job: more, is: "PENDING", reason: "Resources" });
  await cancel({ job: all });
  await until({ job: more, is: "COMPLETED" });
  return all;
}

async function moreThanThereAre({ refuse, expectLog }: ScenarioContext): Promise<void> {
  const because = "Requested node configuration is not available";
  await refuse({ name: "too-many", run: "true", gpusPerNode: 5, because });
  await refuse({ name: "wrong-type", run: "true", gres: "gpu:h100:1", because });
  await expectLog({ of: "slurmctld", matches: new RegExp(`_slurm_rpc_submit_batch_job: ${because}`) });
}

async function aFailingJob({ submit, until, expectLog }: ScenarioContext): Promise<Job> {
  const job = await submit({ name: "fails", run: "exit 3", gpus: 1 });
  await until({ job, is: "FAILED" });
  await expectLog({ of: "slurmctld", matches: new RegExp(`_job_complete: JobId=${job.id} WEXITSTATUS 3`) });
  return job;
}
