import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { DAEMONS } from "../cluster/roles.ts";
import { againAndAgain } from "./again-and-again.ts";
import { defineFault } from "./fault.ts";
import { lacksDaemon } from "./lacking.ts";
import { target } from "./target.ts";

/** How long it may run each time, in milliseconds. */
const RUNS_MS = 100;

/** What a machine that is short of processors, or that pages, does to a daemon: it answers, late. */
export const daemonSlow = defineFault({
  name: "daemon-slow",
  ofOneSlurmd: true,
  summary:
    "Lets a daemon run for a tenth of a second, then stand still, again and again: it answers, and late. Jobs on the node go on.",
  schema: z.strictObject({
    fault: z.literal("daemon-slow"),
    daemon: z.enum(DAEMONS).meta({ description: "which" }),
    on: target,
    stands: z
      .int()
      .min(1)
      .max(60)
      .default(2)
      .meta({ description: "seconds that it stands still each time; a message waits that long at most" }),
  }),
  lacks: ({ on, daemon }, plan) => lacksDaemon(on, daemon, plan),
  sentence: ({ daemon, on, stands }) => `${daemon} on ${on} stands still for ${stands} s again and again`,
  async inject({ daemon, stands }, { cluster, nodes, daemons, heals }): Promise<void> {
    for (const node of nodes) {
      heals(`let ${daemon} on ${node.name} go on`, () => daemons.resume(node, daemon));
      const breathe = async () => {
        await daemons.resume(node, daemon);
        await pause(RUNS_MS);
        await daemons.pause(node, daemon);
      };
      const title = `leave ${daemon} on ${node.name} alone`;
      await againAndAgain(title, stands * 1000, breathe, { cluster, heals });
    }
  },
});
