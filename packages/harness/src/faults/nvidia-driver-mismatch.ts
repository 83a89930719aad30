import { z } from "zod";
import { defineFault } from "./fault.ts";
import { lacksGpus, mockSays, unavailableGpus } from "./mock-gpus.ts";
import { target } from "./target.ts";

/** NVML_ERROR_LIB_RM_VERSION_MISMATCH. */
const MISMATCH = 18;

/** As after an upgrade of the driver's packages without a reboot: the library is new, the kernel's module is not. */
export const nvidiaDriverMismatch = defineFault({
  name: "nvidia-driver-mismatch",
  summary:
    "Lets the GPU driver's library refuse to work with its kernel module on some workers, in nvidia-smi and NVML. A slurmd that runs keeps its GPUs.",
  schema: z.strictObject({ fault: z.literal("nvidia-driver-mismatch"), on: target }),
  lacks: ({ on }, plan) => lacksGpus(on, plan),
  unavailable: async (_, { cluster }) => unavailableGpus(cluster),
  sentence: ({ on }) => `the GPU driver's library and module on ${on} are of two versions`,
  async inject(_, { nodes, heals }): Promise<void> {
    for (const node of nodes) await mockSays(node, [`sys.init_rc=${MISMATCH}`], { heals });
  },
});
