import { stateSaveLocation } from "@slurmlab/config-gen";
import { z } from "zod";
import { nodeOf } from "../cluster/cluster.ts";
import { keepFile } from "./changed-file.ts";
import { defineFault } from "./fault.ts";

const FILES = ["job_state", "node_state"] as const;

/** As after a crash of the file server, or a copy that was broken off. */
export const stateTruncated = defineFault({
  name: "state-truncated",
  summary:
    "Stops slurmctld, cuts one of its saved files, and its .old, in half and starts it: it refuses to, and says how it could be made to.",
  schema: z.strictObject({
    fault: z.literal("state-truncated"),
    file: z.enum(FILES).default("job_state").meta({ description: "which" }),
  }),
  sentence: ({ file }) => `slurmctld's saved ${file} ends in its middle`,
  async inject({ file }, { cluster, daemons, heals }): Promise<void> {
    const node = nodeOf(cluster, "slurmctld");
    const folder = stateSaveLocation(cluster.plan);
    heals("start slurmctld", () => daemons.start(node, "slurmctld"));
    await daemons.stop(node, "slurmctld");
    for (const path of [`${folder}/${file}`, `${folder}/${file}.old`]) {
      const { code } = await node.exec(["test", "-e", path]);
      if (code !== 0) continue;
      await keepFile(node, path, { heals });
      const size = Number(await node.run(["stat", "--format=%s", path]));
      await node.run(["truncate", `--size=${Math.floor(size / 2)}`, path]);
    }
    await daemons.startInVain(node, "slurmctld", "ends");
  },
});
