import { z } from "zod";
import { defineFault } from "./fault.ts";
import { dropPackets, FROM_OTHERS, type Rule, TO_OTHERS, unavailableRule } from "./firewall.ts";
import { target } from "./target.ts";

/**
 * What may come at once, in KiB. Inside one machine the kernel hands on up to 64 KiB as one packet, which would never get through
 * a smaller one.
 */
const BURST_KIB = 128;

/** As a provider's policer: what is too much is dropped and not kept, so that TCP finds the rate by losing. */
export const bandwidthLimited = defineFault({
  name: "bandwidth-limited",
  summary:
    "Lets only so many KiB a second into nodes and out of them, over all their connections: large files crawl, short messages pass.",
  schema: z.strictObject({
    fault: z.literal("bandwidth-limited"),
    on: target,
    rate: z
      .int()
      .min(10)
      .max(100_000)
      .default(100)
      .meta({ description: `KiB a second, in each direction; ${BURST_KIB} KiB may come at once` }),
  }),
  unavailable: ({ rate }, { cluster, nodes }) => unavailableRule(cluster, nodes, rulesOf(rate)[0]),
  sentence: ({ on, rate }) => `${on} has ${rate} KiB a second`,
  async inject({ rate }, context): Promise<void> {
    await dropPackets(rulesOf(rate), context);
  },
});

function rulesOf(rate: number): [Rule, Rule] {
  const above = (name: string) => [
    "-m",
    "hashlimit",
    "--hashlimit-above",
    `${rate}kb/s`,
    "--hashlimit-burst",
    `${Math.max(BURST_KIB, rate)}kb`,
    "--hashlimit-name",
    `slurmlab-${name}`,
  ];
  return [
    ["INPUT", ...FROM_OTHERS, ...above("in")],
    ["OUTPUT", ...TO_OTHERS, ...above("out")],
  ];
}
