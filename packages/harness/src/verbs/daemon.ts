import type { ClusterPlan } from "@slurmlab/config-gen";
import { z } from "zod";
import { DAEMONS, type Daemon, partsOf } from "../cluster/roles.ts";
import { LabError } from "../errors/lab-error.ts";

/** A daemon on a node, as a verb's input. */
export const daemonShape = {
  daemon: z.enum(DAEMONS).meta({ description: "the daemon" }),
  on: z
    .string()
    .optional()
    .meta({ description: "the node's name; may be left out where only one node has the daemon" }),
};

interface DaemonInput {
  readonly daemon: Daemon["name"];
  readonly on?: string | undefined;
}

/** In words: `slurmd on c1`. */
export function daemonWords({ daemon, on }: DaemonInput): string {
  return on ? `${daemon} on ${on}` : daemon;
}

/** The node whose daemon is meant; throws what {@link wrongDaemon} says. */
export function nodeOfDaemon(plan: ClusterPlan, input: DaemonInput): string {
  const wrong = wrongDaemon(plan, input);
  if (wrong) throw new LabError({ kind: "bad-input", message: wrong });
  return input.on ?? nodesWith(plan, input.daemon)[0] ?? "";
}

/** Why the input does not say which daemon, when it does not. */
export function wrongDaemon(plan: ClusterPlan, { daemon, on }: DaemonInput): string | undefined {
  const having = nodesWith(plan, daemon);
  if (having.length === 0) return `the cluster has no ${daemon}`;
  if (on === undefined && having.length > 1)
    return `which ${daemon}? expected on: one of ${having.join(", ")}`;
  if (on === undefined || having.includes(on)) return undefined;
  return `${on} has no ${daemon}; expected on: ${having.length > 1 ? "one of " : ""}${having.join(", ")}`;
}

function nodesWith(plan: ClusterPlan, daemon: Daemon["name"]): string[] {
  return (
    plan.nodes
      // Nodes that share a machine have a slurmd each, and nothing else of their own.
      .filter((node) => !node.pack || daemon === "slurmd")
      .filter((node) => partsOf(node.roles, plan).daemons.some(({ name }) => name === daemon))
      .map((node) => node.name)
  );
}
