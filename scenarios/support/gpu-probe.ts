/** What `gpu-probe` saw: one line of JSON a task (`packages/images/mockgpu/README.md`). */
export interface Probe {
  /** As text, `null` when the variable is not set. */
  readonly cudaVisibleDevices: string;
  /** What open() said of each /dev/nvidiaN: `OK`, `ENXIO`, `EPERM`. */
  readonly nodes: Readonly<Record<string, string>>;
  /** UUIDs of the GPUs that NVML shows. */
  readonly uuids: readonly string[];
}

interface ProbeLine {
  readonly cuda_visible_devices: string | null;
  readonly nodes: Readonly<Record<string, string>>;
  readonly nvml: ReadonlyArray<{ readonly uuid: string }> | { readonly error: string };
}

/** Every probe line in a job's output, in order. Throws when NVML answered one of them with an error. */
export function parseProbes(output: string): Probe[] {
  return output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => {
      const probe = JSON.parse(line) as ProbeLine;
      if ("error" in probe.nvml) throw new Error(`NVML in the job: ${probe.nvml.error}`);
      return {
        cudaVisibleDevices: String(probe.cuda_visible_devices),
        nodes: probe.nodes,
        uuids: probe.nvml.map((gpu) => gpu.uuid),
      };
    });
}

export function parseProbe(output: string): Probe {
  const [probe] = parseProbes(output);
  if (!probe) throw new Error(`no line of gpu-probe in the job's output: ${output.trim() || "it is empty"}`);
  return probe;
}
