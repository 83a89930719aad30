import {
  accountingCommands,
  type ClusterPlan,
  DEFAULT_CLUSTER,
  reservationCommands,
} from "@slurmlab/config-gen";
import { LabError } from "../errors/lab-error.ts";
import { type Cluster, nodeOf } from "./cluster.ts";
import type { Node } from "./node.ts";

/**
 * Makes the specification's QOS, accounts and users, as soon as slurmdbd answers and before slurmctld starts: that is
 * when a partition's QOS has to be there. The cluster, which slurmctld would register itself, is added by hand unless
 * the database image has it already.
 */
export async function fillAccounting(
  slurmdbd: Node,
  plan: ClusterPlan,
  onProgress: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const commands = accountingCommands(plan);
  if (commands.length === 0) return;
  onProgress(`making ${plan.accounts.length} accounts, ${plan.qos.length} QOS and their users`);
  const cluster = plan.name === DEFAULT_CLUSTER ? [] : [["-i", "add", "cluster", plan.name]];
  for (const argv of [...cluster, ...commands]) await told(slurmdbd, ["sacctmgr", ...argv], signal);
}

/** Makes the specification's reservations, once every node is up and the probe jobs are through. */
export async function makeReservations(cluster: Cluster, onProgress: (line: string) => void): Promise<void> {
  const commands = reservationCommands(cluster.plan);
  if (commands.length === 0) return;
  onProgress(`making ${commands.length === 1 ? "a reservation" : `${commands.length} reservations`}`);
  const controller = nodeOf(cluster, "slurmctld");
  for (const argv of commands) await told(controller, ["scontrol", ...argv], cluster.signal);
}

/** What Slurm refuses here is something the specification says. */
async function told(node: Node, argv: readonly string[], signal: AbortSignal): Promise<void> {
  const { code, stdout, stderr } = await node.exec(argv, { signal });
  if (code === 0) return;
  throw new LabError({
    kind: "broken",
    message: `${argv[0]} does not take what the specification says`,
    expected: `\`${argv.join(" ")}\` to succeed`,
    seen: (stderr.trim() || stdout.trim()).split("\n").slice(-5).join("\n"),
    where: node.name,
    hint: "the keys under limits, qos and reservations go to Slurm as they are",
  });
}
