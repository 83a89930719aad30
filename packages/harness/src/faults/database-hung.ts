import { z } from "zod";
import { nodeOf } from "../cluster/cluster.ts";
import { defineFault } from "./fault.ts";

/** A server that is down refuses; one that hangs lets everybody wait, which is how deadlocks are found. */
export const databaseHung = defineFault({
  name: "database-hung",
  summary: "Stops the database server's process with SIGSTOP: connections stay open, and no query ends.",
  schema: z.strictObject({ fault: z.literal("database-hung") }),
  sentence: () => "the database server hangs",
  async inject(_, { cluster, daemons, heals }): Promise<void> {
    const node = nodeOf(cluster, "database");
    heals("let the database server go on", () => daemons.resume(node, "mariadbd"));
    await daemons.pause(node, "mariadbd");
  },
});
