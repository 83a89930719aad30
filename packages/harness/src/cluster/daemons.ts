import { type ClusterPlan, nodeWith } from "@slurmlab/config-gen";
import { timeScale } from "../conditions/probe.ts";
import { LabError } from "../errors/lab-error.ts";
import type { Node } from "./node.ts";
import { type Daemon, partsOf } from "./roles.ts";

/** Longest wait for what a daemon needs, in seconds before the time scale. Usually well under three. */
const START_SECONDS = 30;

/**
 * Starts a node's daemons, each as soon as what it needs answers. The waiting is done in the node
 * (`/usr/lib/slurmlab/start`), so the cluster's start order costs no round trips; it is all written in `roles.ts`.
 */
export async function startDaemons(node: Node, plan: ClusterPlan, signal: AbortSignal): Promise<void> {
  for (const daemon of partsOf(node.plan.roles).daemons) {
    if (daemon.atBoot) continue;
    const needs = daemon.needs.map((need) =>
      "socket" in need ? need.socket : `${nodeWith(plan, need.role).name}:${need.port}`,
    );
    const seconds = String(Math.ceil(START_SECONDS * timeScale()));
    const result = await node.exec(["/usr/lib/slurmlab/start", seconds, daemon.name, ...needs], { signal });
    if (result.code !== 0) throw notStarted(node, daemon, result.stdout || result.stderr, signal);
  }
}

function notStarted(node: Node, daemon: Daemon, said: string, signal: AbortSignal): LabError {
  signal.throwIfAborted();
  return new LabError({
    kind: "broken",
    message: `${daemon.name} on ${node.name} could not be started`,
    expected: "everything it needs to answer",
    seen: said.trim(),
    where: node.name,
  });
}
