import type { ClusterPlan } from "@slurmlab/config-gen";
import { LabError } from "../errors/lab-error.ts";
import type { Facts } from "./ground.ts";

/**
 * What /home, and on request the controllers' state, is shared by on this machine: the plan with `auto` decided, and without the server where there is to be none. NFS that is
 * wanted and cannot be is refused.
 */
export function decideStorage(
  plan: ClusterPlan,
  facts: Pick<Facts, "noNfs">,
  onProgress: (line: string) => void,
): ClusterPlan {
  if (plan.storage === "volume") return plan;
  const { noNfs } = facts;
  const what = plan.nfs.state ? "/home and StateSaveLocation" : "/home";
  if (noNfs === undefined) {
    onProgress(`${what} by NFS`);
    return { ...plan, storage: "nfs" };
  }
  if (plan.storage === "nfs")
    throw new LabError({
      kind: "bad-input",
      message: `the cluster wants ${what} by NFS`,
      expected: "a kernel with an NFS client under the container engine",
      seen: noNfs,
      hint: "storage: volume shares them by volumes of the engine, and auto takes what there is",
    });
  onProgress(`${what} on a volume: ${noNfs}`);
  return { ...plan, storage: "volume", nodes: plan.nodes.filter(({ roles }) => !roles.includes("nfs")) };
}
