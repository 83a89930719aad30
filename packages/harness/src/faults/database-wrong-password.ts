import { z } from "zod";
import { nodeOf } from "../cluster/cluster.ts";
import { changeFile } from "./changed-file.ts";
import { defineFault } from "./fault.ts";

/** slurmdbd then says that the database must be up, which it is: error 1045 above that line tells. */
export const databaseWrongPassword = defineFault({
  name: "database-wrong-password",
  summary:
    "Gives slurmdbd.conf a wrong StoragePass and restarts slurmdbd, which tries again every five seconds.",
  schema: z.strictObject({ fault: z.literal("database-wrong-password") }),
  sentence: () => "slurmdbd has a wrong password for its database",
  async inject(_, { cluster, daemons, heals }): Promise<void> {
    const node = nodeOf(cluster, "slurmdbd");
    heals("restart slurmdbd", () => daemons.restart(node, "slurmdbd"));
    const wrong = (text: string) => text.replace(/^StoragePass=.*$/m, "StoragePass=wrong");
    await changeFile(node, "/etc/slurm/slurmdbd.conf", wrong, { heals });
    await daemons.stop(node, "slurmdbd");
    await daemons.startInVain(node, "slurmdbd", "hangs");
  },
});
