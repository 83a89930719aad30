import type { ClusterPlan } from "@slurmlab/config-gen";
import { LabError } from "../errors/lab-error.ts";

/** Throws for what can be rendered and cannot be started yet, before anything is. */
export function checkStartable(plan: ClusterPlan): void {
  if (plan.defaults === "slurm") {
    throw new LabError({
      kind: "bad-input",
      message:
        "this specification is a site as it is (defaults: slurm), with its own hosts, paths and accounts",
      expected: "one for the lab (defaults: lab)",
      hint: "`pnpm run config import FOLDER --shrink 4` makes one that runs here",
    });
  }
  const shared = plan.nodes.find(({ roles }) => roles.includes("database") && roles.length > 1);
  if (plan.database === "mysql" && shared) {
    throw new LabError({
      kind: "bad-input",
      message: `${shared.name} has database beside ${shared.roles.filter((role) => role !== "database").join(", ")}, and the image for several roles has MariaDB`,
      expected: "with database: mysql, a node for the role database alone",
    });
  }
}
