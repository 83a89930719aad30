import type { ClusterPlan } from "@slurmlab/config-gen";
import { z } from "zod";
import { nodeNamed } from "../cluster/cluster.ts";
import { defineFault } from "./fault.ts";
import { dropPackets, type Rule, unavailableRule } from "./firewall.ts";
import { sharesMachine } from "./shares-machine.ts";
import { chooseNodes, target } from "./target.ts";

type Direction = "both" | "in" | "out";

/** Both sides' machines run on, and each of them reaches everybody else: a switch or a route is broken. */
export const networkPartition = defineFault({
  name: "network-partition",
  summary:
    "Cuts nodes off from some others, in both directions or in one. Everybody else reaches both: a node may be DOWN for slurmctld while its jobs run on.",
  schema: z.strictObject({
    fault: z.literal("network-partition"),
    on: target,
    from: z.string().min(1).meta({ description: "the other side: a node or hostlist, or a role" }),
    direction: z.enum(["both", "in", "out"]).default("both").meta({
      description: "what is lost, seen from `on`: what comes from the others (in), what goes to them (out)",
    }),
  }),
  lacks: ({ on, from }, plan) => {
    const others = otherSide(from, plan);
    if ("problem" in others) return others.problem;
    // Which ones `one` and `minority` are does not matter: none of them may be on the other side.
    const chosen = chooseNodes(on === "one" || on === "minority" ? "all" : on, plan, "");
    if ("problem" in chosen) return chosen.problem;
    const both = chosen.names.find((name) => others.names.includes(name));
    if (both) return `${both} is on both sides`;
    return sharesMachine({}, others.names, plan);
  },
  unavailable: (_, { cluster, nodes }) => unavailableRule(cluster, nodes, ["INPUT", "-s", "192.0.2.1"]),
  sentence: ({ on, from, direction }) =>
    ({
      both: `${on} and ${from} do not reach each other`,
      in: `nothing from ${from} reaches ${on}`,
      out: `nothing from ${on} reaches ${from}`,
    })[direction],
  async inject({ from, direction }, context): Promise<void> {
    const others = otherSide(from, context.cluster.plan);
    const names = "names" in others ? others.names : [];
    const addresses = names.map((name) => nodeNamed(context.cluster, name).address).join(",");
    await dropPackets(rulesOf(addresses, direction), context);
  },
});

function rulesOf(addresses: string, direction: Direction): Rule[] {
  return [
    ...(direction === "out" ? [] : [["INPUT", "-s", addresses] satisfies Rule]),
    ...(direction === "in" ? [] : [["OUTPUT", "-d", addresses] satisfies Rule]),
  ];
}

/** Nothing here depends on the run's seed: whoever is cut off by chance is so from somebody who is known. */
function otherSide(from: string, plan: ClusterPlan): ReturnType<typeof chooseNodes> {
  if (from === "one" || from === "minority")
    return { problem: `from: "${from}" would be another choice than on: name nodes, or a role` };
  return chooseNodes(from, plan, "");
}
