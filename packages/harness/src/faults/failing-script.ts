import type { ClusterPlan } from "@slurmlab/config-gen";
import { z } from "zod";
import { changeFile } from "./changed-file.ts";
import type { FaultContext } from "./fault.ts";

type Script = "prolog" | "epilog" | "healthCheck" | "jobSubmit";

/** Why a cluster cannot have a failing script of this name. */
export function lacksScript(script: Script, { scripts }: ClusterPlan): string | undefined {
  return scripts[script] === undefined ? `the cluster has no scripts.${script} that could fail` : undefined;
}

/** What a script can do to a node. */
export const how = z.enum(["fails", "hangs"]).default("fails").meta({ description: "what it does" });

/** Lets a script that Slurm calls on nodes hang. Healed, those that hang go on, and end well. */
export async function hangScript(
  script: Exclude<Script, "jobSubmit">,
  { nodes, heals }: Pick<FaultContext, "nodes" | "heals">,
): Promise<void> {
  const hangs = `/run/slurmlab-${script}-hangs`;
  for (const node of nodes) {
    heals(`let the ${script} on ${node.name} go on`, async () => void (await node.run(["rm", "-f", hangs])));
    await node.run(["touch", hangs]);
  }
  // One line, which the shell has read before the file is another again.
  await replaceScript(script, `while [ -e ${hangs} ]; do sleep 0.2; done; exit 0`, { nodes, heals });
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
