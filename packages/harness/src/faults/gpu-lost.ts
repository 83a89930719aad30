import { z } from "zod";
import type { Node } from "../cluster/node.ts";
import { defineFault } from "./fault.ts";
import { lacksGpus, mockSays, unavailableGpus } from "./mock-gpus.ts";
import { target } from "./target.ts";

/** Where rsyslog writes what the kernel says, and health checks look. The kernel's own buffer is the host's. */
const KERNEL_LOG = "/var/log/kern.log";

export const gpuLost = defineFault({
  name: "gpu-lost",
  summary: `Lets a GPU of some workers fall off the bus, as an Xid 79 tells in ${KERNEL_LOG}: nvidia-smi ends with 15, NVML calls it lost, and its device node stays. slurmd goes on offering it.`,
  schema: z.strictObject({
    fault: z.literal("gpu-lost"),
    on: target,
    gpu: z.int().min(0).default(0).meta({ description: "its number on the node" }),
  }),
  lacks: ({ on }, plan) => lacksGpus(on, plan),
  unavailable: async (_, { cluster }) => unavailableGpus(cluster),
  sentence: ({ on, gpu }) => `GPU ${gpu} of ${on} has fallen off the bus`,
  async inject({ gpu }, { nodes, heals }): Promise<void> {
    for (const node of nodes) {
      const line = await xid79(node, gpu);
      heals(`take the Xid out of ${KERNEL_LOG} on ${node.name}`, async () => {
        // The file is the fault's own where nothing else logs.
        await node.exec(["sed", "--in-place", `\\|${line}$|d`, KERNEL_LOG]);
      });
      await mockSays(node, [`gpu.${gpu}.fault=lost`], { heals });
      await node.run(["tee", "--append", KERNEL_LOG], {
        stdin: `${new Date().toISOString()} ${node.name} kernel: ${line}\n`,
      });
    }
  },
});

/** The driver's words (NVRM), with the card's place on the bus. */
async function xid79(node: Node, gpu: number): Promise<string> {
  const asked = ["nvidia-smi", "-i", String(gpu), "--query-gpu=pci.bus_id", "--format=csv,noheader"];
  const bus = (await node.run(asked)).trim().toLowerCase();
  const place = bus.replace(/^0000/, "").replace(/\.\d$/, "");
  return `NVRM: Xid (PCI:${place}): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.`;
}
