import { z } from "zod";
import { defineFault } from "./fault.ts";
import { dropPackets, FROM_OTHERS, type Rule, TO_OTHERS, unavailableRule } from "./firewall.ts";
import { target } from "./target.ts";

/** By the kernel's `statistic` match: no queueing discipline is needed, which many kernels have as a module only. */
export const packetsLost = defineFault({
  name: "packets-lost",
  summary:
    "Loses some of all packets of nodes, as a bad cable does: TCP sends them again, later each time, and everything takes longer.",
  schema: z.strictObject({
    fault: z.literal("packets-lost"),
    on: target,
    percent: z.int().min(1).max(99).default(20).meta({ description: "of the packets in each direction" }),
  }),
  unavailable: ({ percent }, { cluster, nodes }) => unavailableRule(cluster, nodes, rulesOf(percent)[0]),
  sentence: ({ on, percent }) => `${on} loses ${percent} % of its packets`,
  async inject({ percent }, context): Promise<void> {
    await dropPackets(rulesOf(percent), context);
  },
});

function rulesOf(percent: number): [Rule, Rule] {
  const some = ["-m", "statistic", "--mode", "random", "--probability", (percent / 100).toFixed(2)];
  return [
    ["INPUT", ...FROM_OTHERS, ...some],
    ["OUTPUT", ...TO_OTHERS, ...some],
  ];
}
