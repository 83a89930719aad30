import { z } from "zod";
import { defineFault } from "./fault.ts";
import { lacksGpus, mockSays, unavailableGpus } from "./mock-gpus.ts";
import { target } from "./target.ts";

export const nvidiaSmiHangs = defineFault({
  name: "nvidia-smi-hangs",
  summary:
    "Lets every call of the GPU driver on some workers take long: nvidia-smi, health checks and slurmd's detection wait.",
  schema: z.strictObject({
    fault: z.literal("nvidia-smi-hangs"),
    on: target,
    seconds: z.int().min(1).max(3600).default(60).meta({ description: "for each call" }),
  }),
  lacks: ({ on }, plan) => lacksGpus(on, plan),
  unavailable: async (_, { cluster }) => unavailableGpus(cluster),
  sentence: ({ on, seconds }) => `the GPU driver on ${on} takes ${seconds} s for every call`,
  async inject({ seconds }, { nodes, heals }): Promise<void> {
    for (const node of nodes) await mockSays(node, [`sys.delay_ms=${seconds * 1000}`], { heals });
  },
});
