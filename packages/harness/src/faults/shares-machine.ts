import type { ClusterPlan } from "@slurmlab/config-gen";
import type { Fault } from "./fault.ts";

/** Why a fault of a machine cannot be had of nodes that share one. */
export function sharesMachine(
  fault: Pick<Fault, "ofOneSlurmd">,
  names: readonly string[],
  plan: Pick<ClusterPlan, "nodes">,
): string | undefined {
  if (fault.ofOneSlurmd) return undefined;
  const shared = plan.nodes.find(({ name, pack }) => pack && names.includes(name));
  return (
    shared &&
    `${shared.name} shares the machine ${shared.pack?.machine} with other nodes, and this is of a whole one`
  );
}
