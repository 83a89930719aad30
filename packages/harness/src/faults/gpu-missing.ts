import { z } from "zod";
import { defineFault } from "./fault.ts";
import { lacksGpus, unavailableGpus } from "./mock-gpus.ts";
import { target } from "./target.ts";

/**
 * As a driver that was not loaded when slurmd started. slurmd waits 20 s for a file that gres.conf names and then ends;
 * with AutoDetect it finds a GPU less at once, and goes on.
 */
export const gpuMissing = defineFault({
  name: "gpu-missing",
  summary: "Takes a GPU's device file away on some workers and restarts slurmd there.",
  schema: z.strictObject({
    fault: z.literal("gpu-missing"),
    on: target,
    gpu: z.int().min(0).default(0).meta({ description: "its number on the node" }),
  }),
  lacks: ({ on }, plan) => lacksGpus(on, plan),
  unavailable: async (_, { cluster }) => unavailableGpus(cluster),
  sentence: ({ on, gpu }) => `${on} has no /dev/nvidia${gpu}`,
  async inject({ gpu }, { cluster, nodes, daemons, heals }): Promise<void> {
    const device = `/dev/nvidia${gpu}`;
    const kept = `/dev/slurmlab-kept-nvidia${gpu}`;
    const ends = cluster.plan.gpuDetection === "file";
    for (const node of nodes) {
      heals(`restart slurmd on ${node.name}`, () => daemons.restart(node, "slurmd"));
      heals(`put ${device} back on ${node.name}`, async () => {
        if ((await node.exec(["test", "-e", kept])).code === 0) await node.run(["mv", kept, device]);
      });
      await daemons.stop(node, "slurmd");
      await node.run(["mv", device, kept]);
      if (ends) await daemons.startInVain(node, "slurmd", "ends");
      else await daemons.start(node, "slurmd");
    }
  },
});
