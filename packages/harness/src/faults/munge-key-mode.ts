import { z } from "zod";
import { keepFile } from "./changed-file.ts";
import { defineFault } from "./fault.ts";
import { lacksMunge, MUNGE_KEY } from "./munge.ts";
import { target } from "./target.ts";

/** As a key that was copied without its mode. munged says "Keyfile is insecure" and ends. */
export const mungeKeyMode = defineFault({
  name: "munge-key-mode",
  summary: "Lets everybody read nodes' munge key, and restarts munged, which then refuses to start.",
  schema: z.strictObject({
    fault: z.literal("munge-key-mode"),
    on: target,
    mode: z
      .string()
      .regex(/^0?[0-7]{3}$/, { error: 'expected a mode such as "0644"' })
      .default("0644")
      .meta({ description: "the key's mode" }),
  }),
  lacks: (_, plan) => lacksMunge(plan),
  sentence: ({ on, mode }) => `the munge key on ${on} has mode ${mode}`,
  async inject({ mode }, { nodes, daemons, heals }): Promise<void> {
    for (const node of nodes) {
      heals(`start munged on ${node.name}`, () => daemons.restart(node, "munged"));
      await keepFile(node, MUNGE_KEY, { heals });
      await daemons.stop(node, "munged");
      await node.run(["chmod", mode, MUNGE_KEY]);
      await daemons.startInVain(node, "munged", "ends");
    }
  },
});
