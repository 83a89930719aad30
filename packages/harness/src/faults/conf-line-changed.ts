import { z } from "zod";
import { changeFile } from "./changed-file.ts";
import { defineFault } from "./fault.ts";
import { lacksDaemon, lacksOwnFiles } from "./lacking.ts";
import { target } from "./target.ts";

/** As a node that was left out when a new slurm.conf was copied around. */
export const confLineChanged = defineFault({
  name: "conf-line-changed",
  summary:
    "Adds a line to slurm.conf on some workers only, and restarts slurmd there: drift. Healed, it is restarted again.",
  schema: z.strictObject({
    fault: z.literal("conf-line-changed"),
    on: target,
    line: z
      .string()
      .regex(/^[^\r\n]+$/, { error: "expected one line" })
      .default("Epilog=/bin/true")
      .meta({ description: "the line" }),
  }),
  lacks: ({ on }, plan) => lacksOwnFiles(plan) ?? lacksDaemon(on, "slurmd", plan),
  sentence: ({ on, line }) => `slurm.conf on ${on} says ${line}`,
  async inject({ line }, { nodes, daemons, heals }): Promise<void> {
    for (const node of nodes) {
      heals(`restart slurmd on ${node.name}`, () => daemons.restart(node, "slurmd"));
      await changeFile(node, "/etc/slurm/slurm.conf", (text) => `${text}${line}\n`, { heals });
      await daemons.restart(node, "slurmd");
    }
  },
});
