import { stateSaveLocation } from "@slurmlab/config-gen";
import { z } from "zod";
import { nodeOf } from "../cluster/cluster.ts";
import { defineFault } from "./fault.ts";

export const stateNotWritable = defineFault({
  name: "state-not-writable",
  summary:
    "Gives StateSaveLocation to root, as a copy or a mount by root does, and restarts slurmctld, which runs as slurm and refuses to start.",
  schema: z.strictObject({ fault: z.literal("state-not-writable") }),
  sentence: () => "slurmctld may not write its StateSaveLocation",
  async inject(_, { cluster, daemons, heals }): Promise<void> {
    const node = nodeOf(cluster, "slurmctld");
    const folder = stateSaveLocation(cluster.plan);
    const [owner = "", mode = ""] = (await node.run(["stat", "--format=%U:%G %a", folder])).trim().split(" ");
    heals("start slurmctld", () => daemons.start(node, "slurmctld"));
    heals(`give ${folder} back to ${owner}`, async () => {
      await node.run(["chown", owner, folder]);
      await node.run(["chmod", mode, folder]);
    });
    await daemons.stop(node, "slurmctld");
    await node.run(["chown", "root:root", folder]);
    await node.run(["chmod", "0700", folder]);
    await daemons.startInVain(node, "slurmctld", "ends");
  },
});
