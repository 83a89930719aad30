import type { Cluster } from "../cluster/cluster.ts";
import type { Look } from "../cluster/lens.ts";
import { allIdle, nodesIdle as idle } from "../cluster/ready.ts";
import { workersUp } from "../cluster/workers.ts";
import type { Condition } from "../conditions/condition.ts";
import { pending, type Sighting } from "../conditions/probe.ts";
import { parseRecords } from "../slurm/records.ts";
import { defineInvariant } from "./invariant.ts";

export const nodesIdle = defineInvariant({
  name: "nodes-idle",
  claim: "every node is IDLE again, and no reason is left on one",
  asks: ({ cluster }) => [allIdleAgain(cluster)],
  check: ({ cluster }, looks) => looks.until(allIdleAgain(cluster), 30_000),
});

function allIdleAgain({ plan }: Cluster): Condition<true> {
  const workers = workersUp(plan);
  return {
    ...idle("every node to be IDLE again, without a reason", workers),
    judge: (look) => idleWithoutReason(look, workers),
  };
}

/** Pure: judges what `scontrol -o show node` printed. */
export function idleWithoutReason(look: Look, workers: readonly string[]): Sighting<true> {
  const sighting = allIdle(look, workers);
  if (sighting.is !== "met") return sighting;
  const left = parseRecords(look.output)
    .filter((node) => workers.includes(node.get("NodeName") ?? "") && node.get("Reason"))
    .map((node) => `${node.get("NodeName")} has the reason ${node.get("Reason")}`);
  return left.length === 0 ? sighting : pending(left.join(", "));
}
