import { type ClusterPlan, nodeWith } from "@slurmlab/config-gen";
import { timeScale } from "../conditions/probe.ts";
import { LabError } from "../errors/lab-error.ts";
import type { Node } from "./node.ts";
import { type Daemon, partsOf } from "./roles.ts";

/** Longest wait for what a daemon needs and for its answer, in seconds before the time scale. Usually under three. */
const START_SECONDS = 30;

/**
 * Starts a node's daemons, each as soon as what it needs answers. The waiting is done in the node
 * (`/usr/lib/slurmlab/start`), so the cluster's start order costs no round trips; it is all written in `roles.ts`.
 * Rejects at once, with its last words, when a daemon ends.
 */
export async function startDaemons(node: Node, plan: ClusterPlan, signal: AbortSignal): Promise<void> {
  for (const daemon of partsOf(node.plan.roles).daemons) {
    if (daemon.port === undefined) continue;
    const needs = daemon.needs.map((need) =>
      "socket" in need ? need.socket : `${nodeWith(plan, need.role).name}:${need.port}`,
    );
    const seconds = String(Math.ceil(START_SECONDS * timeScale()));
    const answer = `${node.name}:${daemon.port}`;
    const argv = ["/usr/lib/slurmlab/start", seconds, daemon.name, answer, ...needs];
    const result = await node.exec(argv, { signal });
    if (result.code !== 0) throw notStarted(node, daemon, result.stdout || result.stderr);
  }
}

function notStarted(node: Node, daemon: Daemon, said: string): LabError {
  return new LabError({
    kind: "broken",
    message: `${daemon.name} on ${node.name} did not start`,
    expected: `${daemon.name} to answer on port ${daemon.port}`,
    seen: said.trim(),
    where: node.name,
  });
}
