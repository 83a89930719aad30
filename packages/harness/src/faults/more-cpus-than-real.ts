import { z } from "zod";
import { claim } from "./claims.ts";
import { defineFault } from "./fault.ts";
import { lacksDaemon, lacksOwnFiles } from "./lacking.ts";
import { lacksHardwareCheck } from "./more-memory-than-real.ts";
import { target } from "./target.ts";

export const moreCpusThanReal = defineFault({
  name: "more-cpus-than-real",
  summary:
    "Lets slurm.conf claim more CPUs than a worker has: Slurm drains the node with the reason Low CPUs or the like.",
  schema: z.strictObject({
    fault: z.literal("more-cpus-than-real"),
    on: target,
    cpus: z.int().min(1).default(4096).meta({ description: "CPUs, all of them cores of one socket" }),
  }),
  lacks: ({ on }, plan) => lacksHardwareCheck(plan) ?? lacksOwnFiles(plan) ?? lacksDaemon(on, "slurmd", plan),
  sentence: ({ on, cpus }) => `slurm.conf claims ${cpus} CPUs for ${on}`,
  async inject({ cpus }, context): Promise<void> {
    const keys = { CPUs: cpus, SocketsPerBoard: 1, CoresPerSocket: cpus, ThreadsPerCore: 1 };
    await claim(() => keys, context);
  },
});
