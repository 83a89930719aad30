/** What the driver says of a GPU. */
export interface GpuModel {
  /** The model's name, as NVML and nvidia-smi show it. */
  readonly name: string;
  readonly memoryMb: number;
  /** The CUDA compute capability, as NVIDIA's list of GPUs has it. */
  readonly computeCap: string;
}

const MODELS: Readonly<Record<string, GpuModel>> = {
  a100: { name: "NVIDIA A100-SXM4-40GB", memoryMb: 40_960, computeCap: "8.0" },
  h100: { name: "NVIDIA H100 80GB HBM3", memoryMb: 81_559, computeCap: "9.0" },
  h200: { name: "NVIDIA H200", memoryMb: 143_771, computeCap: "9.0" },
  l40s: { name: "NVIDIA L40S", memoryMb: 46_068, computeCap: "8.9" },
  t4: { name: "Tesla T4", memoryMb: 15_360, computeCap: "7.5" },
  rtx3070: { name: "NVIDIA GeForce RTX 3070", memoryMb: 8_192, computeCap: "8.6" },
  "3070": { name: "NVIDIA GeForce RTX 3070", memoryMb: 8_192, computeCap: "8.6" },
};

/** What a mock GPU of a type is; of a type that nobody sells, a small one of that name. */
export function gpuModel(type: string): GpuModel {
  return (
    MODELS[type.toLowerCase()] ?? {
      name: `NVIDIA ${type.toUpperCase()}`,
      memoryMb: 16_384,
      computeCap: "8.0",
    }
  );
}

/** The type that Slurm makes of the model's name where it finds such a GPU by itself. */
export function nvmlType(type: string): string {
  return gpuModel(type).name.toLowerCase().replaceAll(" ", "_");
}
