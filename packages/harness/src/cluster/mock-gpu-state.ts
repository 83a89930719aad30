import { crc32 } from "node:zlib";
import { type ConfigFile, gpuModel, type NodeGpus } from "@slurmlab/config-gen";

/**
 * The state file that a node's mock NVML and nvidia-smi read (`packages/images/mockgpu/README.md` has its keys).
 * UUIDs name the node, so that two nodes' GPUs are never taken for one another, whichever nodes come and go.
 */
export function mockGpuState(node: string, gpus: readonly NodeGpus[]): ConfigFile {
  const lines = [`sys.gpus=${gpus.reduce((sum, gpu) => sum + gpu.minors.length, 0)}`];
  for (const { type, minors } of gpus) {
    const model = gpuModel(type);
    for (const minor of minors) {
      const tail = `${hex(crc32(node), 8)}${hex(minor, 4)}`;
      lines.push(
        `gpu.${minor}.minor=${minor}`,
        `gpu.${minor}.name=${model.name}`,
        `gpu.${minor}.pci=0:${hex(0x10 + minor, 2)}:0`,
        `gpu.${minor}.mem_mb=${model.memoryMb}`,
        `gpu.${minor}.compute_cap=${model.computeCap}`,
        `gpu.${minor}.uuid=GPU-51012ab0-0000-4000-8000-${tail}`,
      );
    }
  }
  return {
    path: "/run/mockgpu/state",
    content: `${lines.join("\n")}\n`,
    owner: "root:root",
    mode: 0o644,
    secret: false,
    roles: ["slurmd"],
  };
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
