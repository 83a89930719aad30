import { z } from "zod";
import { DAEMONS } from "../cluster/roles.ts";
import { defineFault } from "./fault.ts";
import { lacksDaemon } from "./lacking.ts";
import { target } from "./target.ts";

/** What a deadlock looks like from outside: the kernel still accepts connections, and nobody answers. */
export const daemonHung = defineFault({
  name: "daemon-hung",
  ofOneSlurmd: true,
  summary:
    "Stops a daemon's process with SIGSTOP: its port is open, and whoever asks waits. Jobs on the node go on.",
  schema: z.strictObject({
    fault: z.literal("daemon-hung"),
    daemon: z.enum(DAEMONS).meta({ description: "which" }),
    on: target,
  }),
  lacks: ({ on, daemon }, plan) => lacksDaemon(on, daemon, plan),
  sentence: ({ daemon, on }) => `${daemon} on ${on} hangs`,
  async inject({ daemon }, { nodes, daemons, heals }): Promise<void> {
    for (const node of nodes) {
      heals(`let ${daemon} on ${node.name} go on`, () => daemons.resume(node, daemon));
      await daemons.pause(node, daemon);
    }
  },
});
