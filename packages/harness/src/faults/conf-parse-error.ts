import { z } from "zod";
import { changeFile } from "./changed-file.ts";
import { defineFault } from "./fault.ts";
import { lacksDaemon, lacksOwnFiles } from "./lacking.ts";
import { target } from "./target.ts";

export const confParseError = defineFault({
  name: "conf-parse-error",
  summary:
    "Adds a key that no release knows to slurm.conf on a worker or the controller. A daemon that starts with it ends; one that runs goes on until it is told to read it.",
  schema: z.strictObject({
    fault: z.literal("conf-parse-error"),
    on: target,
    key: z
      .string()
      .regex(/^[A-Za-z]+$/, { error: "expected a key of letters" })
      .default("NoSuchKey")
      .meta({ description: "the key" }),
    restarts: z
      .enum(["slurmctld", "slurmd"])
      .optional()
      .meta({ description: "a daemon that is stopped and started there, and then ends" }),
  }),
  lacks: ({ on, restarts }, plan) =>
    lacksOwnFiles(plan) ?? (restarts ? lacksDaemon(on, restarts, plan) : undefined),
  sentence: ({ on, key }) => `slurm.conf on ${on} has the unknown key ${key}`,
  async inject({ key, restarts }, { nodes, daemons, heals }): Promise<void> {
    for (const node of nodes) {
      if (restarts) heals(`start ${restarts} on ${node.name}`, () => daemons.start(node, restarts));
      await changeFile(node, "/etc/slurm/slurm.conf", (text) => `${text}${key}=1\n`, { heals });
      if (!restarts) continue;
      await daemons.stop(node, restarts);
      await daemons.startInVain(node, restarts, "ends");
    }
  },
});
