import { z } from "zod";
import { nodeNamed } from "../cluster/cluster.ts";
import { DAEMONS } from "../cluster/roles.ts";
import { until } from "../conditions/condition.ts";
import { logMatches } from "../conditions/log.ts";
import { daemonShape, daemonWords, nodeOfDaemon, wrongDaemon } from "./daemon.ts";
import { duration } from "./duration.ts";
import { pattern } from "./pattern.ts";
import { defineVerb } from "./verb.ts";

export const expectLog = defineVerb({
  name: "expect-log",
  summary:
    "Waits until a daemon's log has a line that matches, after the last fault or other disturbance; what was logged before does not count. The result is the line.",
  schema: z.strictObject({
    of: z.enum(DAEMONS).meta({ description: "the daemon" }),
    on: daemonShape.on,
    matches: pattern,
    within: duration.prefault("60s"),
  }),
  result: "text",
  sentence: ({ of, on, matches }) => `the log of ${daemonWords({ daemon: of, on })} matches ${matches}`,
  nodes: ({ on }) => (on ? [on] : []),
  check: ({ of, on }, plan) => wrongDaemon(plan, { daemon: of, on }),
  async run({ of, on, matches, within }, { cluster, logs, signal }): Promise<string> {
    const node = nodeNamed(cluster, nodeOfDaemon(cluster.plan, { daemon: of, on }));
    const condition = logMatches({ daemon: of, node, matches }, logs);
    return await until(cluster, condition, { withinMs: within, signal });
  },
});
