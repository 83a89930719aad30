import type { ConfigFile, NodeGpus } from "@slurmlab/config-gen";

/** What a GPU of a type looks like through NVML: the name Slurm would detect, and its memory in MiB. */
const MODELS: Readonly<Record<string, { name: string; memoryMb: number }>> = {
  a100: { name: "NVIDIA A100-SXM4-40GB", memoryMb: 40_960 },
  h100: { name: "NVIDIA H100 80GB HBM3", memoryMb: 81_559 },
  l40s: { name: "NVIDIA L40S", memoryMb: 46_068 },
  t4: { name: "Tesla T4", memoryMb: 15_360 },
  rtx3070: { name: "NVIDIA GeForce RTX 3070", memoryMb: 8_192 },
};

/**
 * The state file that a node's mock NVML and nvidia-smi read (`packages/images/mockgpu/README.md` has its keys).
 * UUIDs name the node, so that two nodes' GPUs are never taken for one another.
 */
export function mockGpuState(nodeIndex: number, gpus: readonly NodeGpus[]): ConfigFile {
  const lines = [`sys.gpus=${gpus.reduce((sum, gpu) => sum + gpu.minors.length, 0)}`];
  for (const { type, minors } of gpus) {
    const model = MODELS[type] ?? { name: `NVIDIA ${type.toUpperCase()}`, memoryMb: 16_384 };
    for (const minor of minors) {
      const tail = `${hex(nodeIndex, 4)}${hex(minor, 8)}`;
      lines.push(
        `gpu.${minor}.minor=${minor}`,
        `gpu.${minor}.name=${model.name}`,
        `gpu.${minor}.mem_mb=${model.memoryMb}`,
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
