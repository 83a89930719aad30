import { z } from "zod";
import { DAEMONS } from "../cluster/roles.ts";
import { defineFault } from "./fault.ts";
import { lacksDaemon } from "./lacking.ts";
import { target } from "./target.ts";

export const daemonKilled = defineFault({
  name: "daemon-killed",
  ofOneSlurmd: true,
  summary: "Kills a daemon with SIGKILL, as the kernel does when memory is short; nothing starts it again.",
  schema: z.strictObject({
    fault: z.literal("daemon-killed"),
    daemon: z.enum(DAEMONS).meta({ description: "which" }),
    on: target,
  }),
  lacks: ({ on, daemon }, plan) => lacksDaemon(on, daemon, plan),
  sentence: ({ daemon, on }) => `${daemon} on ${on} was killed`,
  async inject({ daemon }, { nodes, daemons, heals }): Promise<void> {
    for (const node of nodes) {
      heals(`start ${daemon} on ${node.name}`, () => daemons.start(node, daemon));
      await daemons.kill(node, daemon);
    }
  },
});
