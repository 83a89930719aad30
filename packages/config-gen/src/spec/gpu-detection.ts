import { since } from "../slurm/version.ts";
import { nvmlType } from "./gpu-models.ts";
import type { GpuSpec } from "./node-schema.ts";
import { numbered, type Problems } from "./problems.ts";
import type { ClusterSpec } from "./schema.ts";

/**
 * How slurmd comes to know of its GPUs: from File= in gres.conf, by AutoDetect=nvml or AutoDetect=nvidia, or from
 * Slurm's own fake_gpus.conf, which takes the place of all detection.
 */
export const GPU_DETECTIONS = ["file", "nvml", "nvidia", "fake"] as const;
export type GpuDetection = (typeof GPU_DETECTIONS)[number];

/** Where slurmd itself finds what the GPUs are, so that no file says it. */
export function isAutoDetected(detection: GpuDetection): detection is "nvml" | "nvidia" {
  return detection === "nvml" || detection === "nvidia";
}

/** What a release cannot do, and what would be found and not match what slurm.conf says. */
export function checkGpuDetection(spec: ClusterSpec, slurm: string, problems: Problems): void {
  const { gpuDetection } = spec;
  checkRelease(gpuDetection, slurm, problems);
  if (gpuDetection === "fake" && spec.files["fake_gpus.conf"] !== undefined)
    problems.add("files.fake_gpus.conf", "is said twice, in files and by gpuDetection: fake");
  if (!isAutoDetected(gpuDetection)) return;
  for (const [node, path] of numbered(spec.nodes, "nodes")) {
    for (const gpu of [node.gpus ?? []].flat()) checkDetected(gpu, gpuDetection, `${path}.gpus`, problems);
  }
}

function checkRelease(detection: GpuDetection, slurm: string, problems: Problems): void {
  if (detection === "nvml" && !since(slurm, "22.05"))
    problems.add(
      "gpuDetection",
      `AutoDetect=nvml needs Slurm 22.05 or newer, seen ${slurm}`,
      `no package of ${slurm} has the NVML plugin, and slurmd ends without it; file and fake can be had`,
    );
  if (detection === "nvidia" && !since(slurm, "24.11"))
    problems.add(
      "gpuDetection",
      `AutoDetect=nvidia needs Slurm 24.11 or newer, seen ${slurm}`,
      `${slurm} goes on without GPUs; ${since(slurm, "22.05") ? "nvml, file and fake" : "file and fake"} can be had`,
    );
}

function checkDetected(gpu: GpuSpec, detection: "nvml" | "nvidia", path: string, problems: Problems): void {
  if (gpu.cores !== undefined)
    problems.add(
      path,
      `cores are found by AutoDetect=${detection}: the machine's, seen ${gpu.cores}`,
      "gpuDetection: file and fake take cores as written",
    );
  // Slurm pairs what it found with what slurm.conf says by that: the type is a part of the name.
  const found = nvmlType(gpu.type);
  if (gpu.mode !== "real" && gpu.typed !== false && !found.includes(gpu.type.toLowerCase()))
    problems.add(
      path,
      `AutoDetect=${detection} finds "${found}", of which "${gpu.type}" is no part, so Slurm would ignore these GPUs`,
      'expected a part of that name, or gpuDetection: "file"',
    );
}
