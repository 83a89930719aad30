import type { ClusterPlan } from "@slurmlab/config-gen";
import { changeFile } from "./changed-file.ts";
import type { FaultContext } from "./fault.ts";

type Script = "prolog" | "epilog" | "healthCheck" | "jobSubmit";

/** Why a cluster cannot have a failing script of this name. */
export function lacksScript(script: Script, { scripts }: ClusterPlan): string | undefined {
  return scripts[script] === undefined ? `the cluster has no scripts.${script} that could fail` : undefined;
}

/** Replaces a script that Slurm calls on nodes by another one, until it is healed. */
export async function replaceScript(
  script: Exclude<Script, "jobSubmit">,
  text: string,
  { nodes, heals }: Pick<FaultContext, "nodes" | "heals">,
): Promise<void> {
  for (const node of nodes)
    await changeFile(node, `/etc/slurm/scripts/${script}`, () => `#!/bin/sh\n${text}\n`, { heals });
}
