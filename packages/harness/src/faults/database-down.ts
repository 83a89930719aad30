import { z } from "zod";
import { nodeOf } from "../cluster/cluster.ts";
import { defineFault } from "./fault.ts";

export const databaseDown = defineFault({
  name: "database-down",
  summary: "Stops the database server: slurmdbd's connections are closed, and new ones are refused.",
  schema: z.strictObject({ fault: z.literal("database-down") }),
  sentence: () => "the database server does not run",
  async inject(_, { cluster, daemons, heals }): Promise<void> {
    const node = nodeOf(cluster, "database");
    heals("start the database server", () => daemons.start(node, "mariadbd"));
    await daemons.stop(node, "mariadbd");
  },
});
