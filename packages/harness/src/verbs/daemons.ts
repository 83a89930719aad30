import { z } from "zod";
import { nodeNamed } from "../cluster/cluster.ts";
import { daemonShape, daemonWords, nodeOfDaemon, wrongDaemon } from "./daemon.ts";
import { defineVerb } from "./verb.ts";

const schema = z.strictObject(daemonShape);
type Input = z.output<typeof schema>;

/** What the three verbs have in common. A node that there is not is told of by `nodes`. */
const common = {
  schema,
  result: "nothing",
  nodes: ({ on }: Input) => (on ? [on] : []),
  check: (input: Input, plan: Parameters<typeof wrongDaemon>[0]) => wrongDaemon(plan, input),
} as const;

export const stop = defineVerb({
  ...common,
  name: "stop",
  summary: "Ends a daemon with SIGTERM, as systemd would, and waits until it has ended. Jobs go on.",
  disturbs: true,
  sentence: (input) => `stop ${daemonWords(input)}`,
  async run(input, { cluster, daemons }): Promise<void> {
    await daemons.stop(nodeNamed(cluster, nodeOfDaemon(cluster.plan, input)), input.daemon);
  },
});

export const start = defineVerb({
  ...common,
  name: "start",
  summary: "Starts a daemon that was stopped or has ended, and waits until it answers.",
  sentence: (input) => `start ${daemonWords(input)}`,
  async run(input, { cluster, daemons }): Promise<void> {
    await daemons.start(nodeNamed(cluster, nodeOfDaemon(cluster.plan, input)), input.daemon);
  },
});

export const restart = defineVerb({
  ...common,
  name: "restart",
  summary: "Ends a daemon with SIGTERM, starts it again and waits until it answers. Jobs go on.",
  disturbs: true,
  sentence: (input) => `restart ${daemonWords(input)}`,
  async run(input, { cluster, daemons }): Promise<void> {
    await daemons.restart(nodeNamed(cluster, nodeOfDaemon(cluster.plan, input)), input.daemon);
  },
});
