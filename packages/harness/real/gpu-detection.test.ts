import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { newFolder, slurmlab, withCluster } from "./support/cluster-up.ts";

// What slurmd found is what slurmctld then hands out: the node comes up with it, and a job gets one GPU of its own.
// GPUs of several types are in gres-found.test.ts; MIG is not covered.

/** Each release with the ways that it can. */
const WAYS = [
  ["20.11", "file"],
  ["20.11", "fake"],
  ["22.05", "file"],
  ["22.05", "nvml"],
  ["22.05", "fake"],
  ["24.11", "file"],
  ["24.11", "nvml"],
  ["24.11", "nvidia"],
  ["24.11", "fake"],
  ["26.05", "file"],
  ["26.05", "nvidia"],
  ["26.05", "fake"],
] as const;

function specification(slurm: string, gpuDetection: string, more = ""): string {
  const spec = join(newFolder(), "gpus.yaml");
  const node = "{ name: g1, roles: [slurmd], gpus: { type: a100, count: 2, mode: mock } }";
  writeFileSync(spec, `slurm: "${slurm}"\ngpuDetection: ${gpuDetection}\nnodes: [${node}]\n${more}`);
  return spec;
}

const probe = ["srun", "--gpus=1", "/opt/mockgpu/bin/gpu-probe"];

describe.concurrent.each(WAYS)("Slurm %s with gpuDetection: %s", (slurm, detection) => {
  test("gives a job one of the two GPUs of its node", async () => {
    await withCluster([specification(slurm, detection)], async (look) => {
      expect(await look("login", "sinfo", "-h", "-N", "-o", "%n %t %G")).toMatch(/^g1 idle gpu:a100:2\b/);
      const job = JSON.parse(await look("login", ...probe));
      expect(job).toMatchObject({ cuda_visible_devices: "0", nodes: { 0: "ENXIO", 1: "EPERM" } });
      expect(job.nvml).toHaveLength(1);
    });
  });
});

test.concurrent.each([
  ["20.11", "fake"],
  ["26.05", "fake"],
  ["24.11", "nvml"],
])("a configless worker of Slurm %s finds its GPUs by %s", async (slurm, detection) => {
  await withCluster([specification(slurm, detection, "configless: true\n")], async (look) => {
    expect(await look("login", "sinfo", "-h", "-N", "-o", "%n %t %G")).toMatch(/^g1 idle gpu:a100:2\b/);
  });
});

test("AutoDetect=nvml on 26.05, whose suite has no plugin for it, is skipped with that reason", async () => {
  const up = await slurmlab(["cluster", "up", specification("26.05", "nvml"), "--json"]);
  const { verdict, because, cluster } = JSON.parse(up.stdout);
  if (verdict === "passed") await slurmlab(["cluster", "down", cluster.id]);
  expect([up.exitCode, verdict, because]).toEqual([
    0,
    "skipped",
    expect.stringContaining("contrib has no slurm-wlm-nvml-plugin"),
  ]);
});
