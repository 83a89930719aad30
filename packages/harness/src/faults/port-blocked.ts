import { z } from "zod";
import { defineFault } from "./fault.ts";
import { dropPackets, type Rule, unavailableRule } from "./firewall.ts";
import { target } from "./target.ts";

const CHAINS = { in: "INPUT", out: "OUTPUT" } as const;

const ruleOf = (input: { port: number; direction: "in" | "out" }): Rule => [
  CHAINS[input.direction],
  "-p",
  "tcp",
  "--dport",
  String(input.port),
];

export const portBlocked = defineFault({
  name: "port-blocked",
  summary:
    "Drops packets to a TCP port, on their way into nodes or out of them: whoever connects waits for a time-out.",
  schema: z.strictObject({
    fault: z.literal("port-blocked"),
    on: target,
    port: z
      .int()
      .min(1)
      .max(65_535)
      .meta({ description: "6817 slurmctld, 6818 slurmd, 6819 slurmdbd, 3306 the database" }),
    direction: z.enum(["in", "out"]).default("in").meta({ description: "seen from the nodes" }),
  }),
  unavailable: (input, { cluster, nodes }) => unavailableRule(cluster, nodes, ruleOf(input)),
  sentence: ({ on, port, direction }) =>
    direction === "in" ? `port ${port} of ${on} is blocked` : `${on} cannot reach port ${port} of anyone`,
  async inject(input, context): Promise<void> {
    await dropPackets([ruleOf(input)], context);
  },
});
