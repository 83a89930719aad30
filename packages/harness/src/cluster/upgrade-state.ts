import type { Cluster } from "./cluster.ts";
import { partsAt, type RunningPart } from "./upgrade-order.ts";

/** The releases of every part of a cluster as it runs now. */
export function runningParts({ plan, nodes }: Cluster): RunningPart[] {
  return partsAt(plan, plan.slurm).flatMap((each) => {
    const node = nodes.find(({ name }) => name === each.node);
    // Cloud nodes that are in the plan have no container.
    return node ? [{ ...each, slurm: node.slurmOf(each.part === "client" ? undefined : each.part) }] : [];
  });
}
