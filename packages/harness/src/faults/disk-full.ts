import { stateSaveLocation } from "@slurmlab/config-gen";
import { z } from "zod";
import { nodeOf } from "../cluster/cluster.ts";
import type { Node } from "../cluster/node.ts";
import { defineFault } from "./fault.ts";

/** A larger one is the machine's own, and filling that is nobody's wish. In MiB. */
const LARGEST_MIB = 256;

/**
 * Every container has a small file system in memory at /dev/shm, so a scenario gets one of its own by
 * `StateSaveLocation: /dev/shm/slurmctld`.
 */
export const diskFull = defineFault({
  name: "disk-full",
  summary:
    "Fills the file system of StateSaveLocation: slurmctld goes on, and what it cannot save is lost at its next start.",
  schema: z.strictObject({ fault: z.literal("disk-full") }),
  async unavailable(_, { cluster }): Promise<string | undefined> {
    const folder = stateSaveLocation(cluster.plan);
    const { total } = await space(nodeOf(cluster, "slurmctld"), folder);
    if (total <= LARGEST_MIB) return undefined;
    return `${folder} is on a file system of ${total} MiB, the machine's own; with StateSaveLocation below /dev/shm it is on a small one`;
  },
  sentence: () => "the file system of StateSaveLocation is full",
  async inject(_, { cluster, heals }): Promise<void> {
    const node = nodeOf(cluster, "slurmctld");
    const ballast = `${stateSaveLocation(cluster.plan)}/slurmlab-ballast`;
    heals("make room again", async () => void (await node.run(["rm", "-f", ballast])));
    // Written to its end: that dd finds no space left is what is wanted.
    const { stderr } = await node.exec(["dd", "if=/dev/zero", `of=${ballast}`, "bs=64k"]);
    if (!stderr.includes("No space left on device"))
      throw new Error(`the ballast did not fill it: ${stderr}`);
  },
});

/** Size of the file system that a folder is on, in MiB. */
async function space(node: Node, folder: string): Promise<{ total: number }> {
  const printed = await node.run(["df", "--block-size=1M", "--output=size", folder]);
  return { total: Number(printed.trim().split("\n").at(-1)) };
}
