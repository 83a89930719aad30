import type { ClusterPlan } from "@slurmlab/config-gen";
import { type Daemon, partsOf } from "../cluster/roles.ts";
import { chooseNodes } from "./target.ts";

/** For faults of one daemon: why the nodes that `on` means do not have it. */
export function lacksDaemon(on: string, daemon: Daemon["name"], plan: ClusterPlan): string | undefined {
  const chosen = chooseNodes(on, plan, "");
  if ("problem" in chosen) return chosen.problem;
  const without = plan.nodes.find(
    (node) =>
      chosen.names.includes(node.name) &&
      (!partsOf(node.roles, plan).daemons.some(({ name }) => name === daemon) ||
        // The machine's, and so that of all nodes that share it.
        (node.pack && daemon !== "slurmd")),
  );
  return without && `there is no ${daemon} on ${without.name}${without.pack ? " of its own" : ""}`;
}

/** For faults of workers' own files: slurmctld sends those of a configless cluster. */
export function lacksOwnFiles({ configless }: ClusterPlan): string | undefined {
  return configless ? "the cluster is configless, and its workers have no files of their own" : undefined;
}
