import { z } from "zod";
import { nodeOf } from "../cluster/cluster.ts";
import { keepFile } from "./changed-file.ts";
import { defineFault } from "./fault.ts";

const FILE = "/etc/slurm/slurmdbd.conf";

/** As a file that was edited by root with the wrong umask. It has a password in it, so slurmdbd refuses it. */
export const confMode = defineFault({
  name: "conf-mode",
  summary: "Gives slurmdbd.conf another mode or owner and restarts slurmdbd, which refuses to start.",
  schema: z.strictObject({
    fault: z.literal("conf-mode"),
    mode: z
      .string()
      .regex(/^0?[0-7]{3}$/, { error: 'expected a mode such as "0644"' })
      .default("0644")
      .meta({ description: "its mode" }),
    owner: z.string().default("slurm").meta({ description: "its owner: any user of the node" }),
  }),
  sentence: ({ mode, owner }) => `slurmdbd.conf has mode ${mode} and belongs to ${owner}`,
  async inject({ mode, owner }, { cluster, daemons, heals }): Promise<void> {
    const node = nodeOf(cluster, "slurmdbd");
    heals("start slurmdbd", () => daemons.start(node, "slurmdbd"));
    await keepFile(node, FILE, { heals });
    await daemons.stop(node, "slurmdbd");
    await node.run(["chmod", mode, FILE]);
    await node.run(["chown", owner, FILE]);
    await daemons.startInVain(node, "slurmdbd", "ends");
  },
});
