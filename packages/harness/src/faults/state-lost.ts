import { stateSaveLocation } from "@slurmlab/config-gen";
import { z } from "zod";
import { nodeOf } from "../cluster/cluster.ts";
import { defineFault } from "./fault.ts";

/** Beside the folder's own files, and never read by slurmctld. What it has started without stays there. */
const KEPT = ".slurmlab-lost";

/**
 * As StateSaveLocation on a file system that was not there, or in /tmp. Up to 24.11 slurmctld starts without jobs and
 * counts their numbers from the beginning; from 25.05 on it refuses to start.
 */
export const stateLost = defineFault({
  name: "state-lost",
  summary:
    "Stops slurmctld, takes its saved jobs away and starts it. Healed, they are put back if it did not start without them; what it has lost stays lost.",
  schema: z.strictObject({ fault: z.literal("state-lost") }),
  sentence: () => "slurmctld has lost its saved jobs",
  async inject(_, { cluster, daemons, heals }): Promise<void> {
    const node = nodeOf(cluster, "slurmctld");
    const folder = stateSaveLocation(cluster.plan);
    const files = [`${folder}/job_state`, `${folder}/job_state.old`];
    heals("start slurmctld", async () => {
      if (await daemons.runs(node, "slurmctld")) return;
      for (const file of files) {
        const { code } = await node.exec(["test", "-e", `${file}${KEPT}`]);
        if (code === 0) await node.run(["mv", `${file}${KEPT}`, file]);
      }
      await daemons.start(node, "slurmctld");
    });
    await daemons.stop(node, "slurmctld");
    for (const file of files) {
      const { code } = await node.exec(["test", "-e", file]);
      if (code === 0) await node.run(["mv", file, `${file}${KEPT}`]);
    }
    await daemons.startInVain(node, "slurmctld", "ends");
  },
});
