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
  if (plan.database === "mysql") {
    throw new LabError({
      kind: "bad-input",
      message: "there is no image with MySQL",
      expected: "database: mariadb",
      hint: "Debian's stable suites have MariaDB only; slurmdbd speaks to both alike",
    });
  }
}
