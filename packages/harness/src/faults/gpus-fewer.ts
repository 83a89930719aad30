import { z } from "zod";
import { changeFile } from "./changed-file.ts";
import { defineFault } from "./fault.ts";
import { lacksOwnFiles } from "./lacking.ts";
import { lacksGpus, unavailableGpus } from "./mock-gpus.ts";
import { target } from "./target.ts";

/** As a gres.conf that was not brought up to date with slurm.conf, or a card that was taken out. */
export const gpusFewer = defineFault({
  name: "gpus-fewer",
  summary:
    "Lets gres.conf of some workers name the first GPU only and restarts slurmd: fewer than slurm.conf says, for which Slurm drains the node.",
  schema: z.strictObject({ fault: z.literal("gpus-fewer"), on: target }),
  lacks({ on }, plan) {
    if (plan.gpuDetection !== "file")
      return `gpuDetection is ${plan.gpuDetection}, and gres.conf names no file`;
    return lacksOwnFiles(plan) ?? lacksGpus(on, plan);
  },
  unavailable: async (_, { cluster }) => unavailableGpus(cluster),
  sentence: ({ on }) => `gres.conf on ${on} names one GPU only`,
  async inject(_, { nodes, daemons, heals }): Promise<void> {
    const first = (text: string) => text.replace(/File=\/dev\/nvidia\[(\d+)[^\]]*\]/g, "File=/dev/nvidia$1");
    for (const node of nodes) {
      heals(`restart slurmd on ${node.name}`, () => daemons.restart(node, "slurmd"));
      await changeFile(node, "/etc/slurm/gres.conf", first, { heals });
      await daemons.restart(node, "slurmd");
    }
  },
});
