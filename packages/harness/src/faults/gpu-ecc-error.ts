import { z } from "zod";
import { defineFault } from "./fault.ts";
import { lacksGpus, mockSays, unavailableGpus } from "./mock-gpus.ts";
import { target } from "./target.ts";

/** Slurm itself never looks at ECC counters: a health check or a prolog has to. */
export const gpuEccError = defineFault({
  name: "gpu-ecc-error",
  summary:
    "Lets a GPU of some workers count ECC errors that could not be corrected: nvidia-smi and NVML show them at once.",
  schema: z.strictObject({
    fault: z.literal("gpu-ecc-error"),
    on: target,
    gpu: z.int().min(0).default(0).meta({ description: "its number on the node" }),
    errors: z.int().min(1).default(2).meta({ description: "how many" }),
  }),
  lacks: ({ on }, plan) => lacksGpus(on, plan),
  unavailable: async (_, { cluster }) => unavailableGpus(cluster),
  sentence: ({ on, gpu, errors }) => `GPU ${gpu} of ${on} has ${errors} uncorrectable ECC errors`,
  async inject({ gpu, errors }, { nodes, heals }): Promise<void> {
    for (const node of nodes) await mockSays(node, [`gpu.${gpu}.ecc_uncorr=${errors}`], { heals });
  },
});
