import { type ClusterPlan, nodeWith, stateSaveLocation } from "@slurmlab/config-gen";
import { timeScale } from "../conditions/probe.ts";
import { LabError } from "../errors/lab-error.ts";
import type { Node } from "./node.ts";
import { type Daemon, partsOf } from "./roles.ts";

/**
 * Longest wait for what a daemon needs and for its answer, in seconds before the time scale. Usually under three; but a
 * daemon shares the machine with the starts of all nodes, and 68 of them took a database of two slow cores over thirty.
 */
function startSeconds(nodes: number): number {
  return 30 + 2 * nodes;
}

/**
 * From so many nodes on, workers are told to start when slurmctld answers. One that waits for it in its node looks 33 times
 * a second, which saves a round trip, and 64 of them keep two cores from the database that all of it begins with.
 */
const MANY = 12;

/**
 * Starts a node's daemons, each as soon as what it needs answers. The waiting is done in the node
 * (`/usr/lib/slurmlab/start`), so the cluster's start order costs no round trips; it is all written in `roles.ts`.
 * Rejects at once, with its last words, when a daemon ends.
 */
export async function startDaemons(
  node: Node,
  plan: ClusterPlan,
  options: {
    readonly signal: AbortSignal;
    /** Awaited before slurmctld starts: it is fatal on a partition whose QOS accounting does not have yet. */
    readonly accounting: Promise<void>;
    /** Resolves when the first slurmctld answers. */
    readonly controller: PromiseWithResolvers<void>;
    /** Awaited when slurmdbd answers; slurmctld may be on the same node. */
    readonly onSlurmdbd: () => Promise<void>;
  },
): Promise<void> {
  for (const daemon of partsOf(node.plan.roles, plan).daemons) {
    if (daemon.port === undefined) continue;
    if (daemon.name === "slurmctld") await options.accounting;
    if (daemon.name === "slurmd" && plan.nodes.length > MANY) await options.controller.promise;
    if (node.packed.length > 0) await startPacked(node, daemon, plan, options.signal);
    else await startDaemon(node, daemon, plan, options);
    if (daemon.name === "slurmdbd") await options.onSlurmdbd();
    if (daemon.name === "slurmctld") options.controller.resolve();
  }
}

/**
 * Starts one daemon when what it needs answers, and resolves when it answers itself. One that was there before is started
 * `again` as an administrator would: at once.
 */
export async function startDaemon(
  node: Node,
  daemon: Daemon,
  plan: ClusterPlan,
  options: { readonly signal: AbortSignal; readonly again?: boolean },
): Promise<void> {
  const needs = options.again ? [] : needsOf(node, daemon, plan);
  const seconds = String(Math.ceil(startSeconds(plan.nodes.length) * timeScale()));
  const answer = answerOf(node, daemon);
  const argv = ["/usr/lib/slurmlab/start", seconds, node.service(daemon.name), answer, ...needs];
  const result = await node.exec(argv, { signal: options.signal, beside: daemon.name });
  if (result.code !== 0) throw notStarted(node, daemon, result.stdout || result.stderr);
}

/** Starts the slurmd of every node that shares a machine, all in one go, and resolves when each of them answers. */
async function startPacked(
  machine: Node,
  daemon: Daemon,
  plan: ClusterPlan,
  signal: AbortSignal,
): Promise<void> {
  const seconds = String(Math.ceil(startSeconds(plan.nodes.length) * timeScale()));
  const nodes = machine.packed.map((node) => `${node.name}:${node.pack?.port}`);
  const needs = needsOf(machine, daemon, plan);
  const argv = ["/usr/lib/slurmlab/start-packed", seconds, nodes.join(" "), ...needs];
  const result = await machine.exec(argv, { signal });
  if (result.code !== 0) throw notStarted(machine, daemon, result.stdout || result.stderr);
}

/** Its socket, or `:PORT` of its own machine. */
function answerOf(node: Node, daemon: Daemon): string {
  const port = node.plan.pack && daemon.name === "slurmd" ? node.plan.pack.port : daemon.port;
  return daemon.socket ?? `:${port}`;
}

function needsOf(node: Node, daemon: Daemon, plan: ClusterPlan): string[] {
  const needs = daemon.needs.map((need) => {
    if ("socket" in need) return need.socket;
    const { name } = nodeWith(plan, need.role);
    return name === node.name ? `:${need.port}` : `${name}:${need.port}`;
  });
  const primary = nodeWith(plan, "slurmctld").name;
  if (daemon.name !== "slurmctld" || node.name === primary) return needs;
  // A backup that is there first would wait for a primary that it has never heard of, and then take over. One that finds the
  // primary's file between its making and its writing ends with CLUSTER NAME MISMATCH (24.11), and that is after the port opens.
  return [...needs, `${primary}:6817`, `${stateSaveLocation(plan)}/clustername`];
}

function notStarted(node: Node, daemon: Daemon, said: string): LabError {
  return new LabError({
    kind: "broken",
    message: `${daemon.name} on ${node.name} did not start`,
    expected: `${daemon.name} to answer at ${daemon.socket ?? `${node.machineName}${answerOf(node, daemon)}`}`,
    seen: said.trim(),
    where: node.name,
  });
}
