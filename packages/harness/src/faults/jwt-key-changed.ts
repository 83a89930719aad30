import { z } from "zod";
import { nodeOf } from "../cluster/cluster.ts";
import { keepFile } from "./changed-file.ts";
import { defineFault } from "./fault.ts";

const KEY = "/etc/slurm/jwt_hs256.key";

/** With another key on slurmdbd alone, the controller takes a token and accounting does not: the sneaky one. */
export const jwtKeyChanged = defineFault({
  name: "jwt-key-changed",
  summary:
    "Gives slurmctld or slurmdbd another key for tokens and restarts it: tokens that were made with the old one are refused there.",
  schema: z.strictObject({
    fault: z.literal("jwt-key-changed"),
    of: z.enum(["slurmctld", "slurmdbd"]).default("slurmctld").meta({ description: "whose" }),
  }),
  sentence: ({ of }) => `${of} has another key for tokens`,
  async inject({ of }, { cluster, daemons, heals }): Promise<void> {
    const node = nodeOf(cluster, of);
    heals(`restart ${of}`, () => daemons.restart(node, of));
    await keepFile(node, KEY, { heals });
    await node.run(["dd", "if=/dev/urandom", `of=${KEY}`, "bs=32", "count=1", "status=none"]);
    await daemons.restart(node, of);
  },
});
