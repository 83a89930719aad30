import { z } from "zod";
import { DAEMONS } from "../cluster/roles.ts";
import { againAndAgain } from "./again-and-again.ts";
import { defineFault } from "./fault.ts";
import { lacksDaemon } from "./lacking.ts";
import { target } from "./target.ts";

/** As under systemd with Restart=on-failure, when what ends it is still there after each start. */
export const daemonCrashLoops = defineFault({
  name: "daemon-crash-loops",
  ofOneSlurmd: true,
  summary:
    "Kills a daemon with SIGKILL and starts it, again and again: between two ends it answers, and looks well to whoever asks then.",
  schema: z.strictObject({
    fault: z.literal("daemon-crash-loops"),
    daemon: z.enum(DAEMONS).meta({ description: "which" }),
    on: target,
    every: z.int().min(1).max(600).default(3).meta({ description: "seconds from a start to the next end" }),
  }),
  lacks: ({ on, daemon }, plan) => lacksDaemon(on, daemon, plan),
  sentence: ({ daemon, on, every }) => `${daemon} on ${on} ends every ${every} s and is started again`,
  async inject({ daemon, every }, { cluster, nodes, daemons, heals }): Promise<void> {
    for (const node of nodes) {
      heals(`start ${daemon} on ${node.name}`, () => daemons.start(node, daemon));
      const crash = async () => {
        await daemons.kill(node, daemon);
        await daemons.start(node, daemon);
      };
      await againAndAgain(`let ${daemon} on ${node.name} live`, every * 1000, crash, { cluster, heals });
    }
  },
});
