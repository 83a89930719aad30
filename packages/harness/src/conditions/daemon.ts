import type { Node } from "../cluster/node.ts";
import type { Daemon } from "../cluster/roles.ts";
import type { Condition } from "./condition.ts";
import { met, pending } from "./probe.ts";

/** Daemons that answer a question; sackd knows none. */
export const ANSWERING = ["munged", "mariadbd", "slurmdbd", "slurmctld", "slurmd", "slurmrestd"] as const;

/**
 * A daemon to answer, or not to. slurmctld is asked about from the login node, as an administrator would; the others
 * on their own node.
 */
export function daemonIs(
  daemon: (typeof ANSWERING)[number],
  node: Pick<Node, "name" | "plan">,
  is: "UP" | "DOWN",
): Condition<string> {
  const { name } = node;
  const title = `${daemon} on ${name} to be ${is}`;
  if (daemon === "slurmctld") {
    return {
      title,
      at: "login",
      argv: ["scontrol", "ping"],
      judge({ output }) {
        const seen = pinged(output, name);
        return seen === is ? met(seen) : pending(seen ?? (output.trim() || "no answer"));
      },
    };
  }
  return {
    title,
    at: { node: name },
    // Which of several slurmd on one machine is asked: scontrol's own word for it.
    argv: [...(node.plan.pack ? ["env", `SLURMD_NODENAME=${name}`] : []), ...healthOf(daemon)],
    judge({ code, output }) {
      const seen = code === 0 ? "UP" : "DOWN";
      return seen === is ? met(seen) : pending(`${seen}: ${output.trim() || `exit code ${code}`}`);
    },
  };
}

function healthOf(daemon: Daemon["name"]): string[] {
  // A credential that is thrown away: munged has made it.
  return daemon === "munged"
    ? ["munge", "--no-input", "--output=/dev/null"]
    : ["/usr/lib/slurmlab/health", daemon];
}

/** Pure: what `scontrol ping` says of the controller on a node: `Slurmctld(primary) at ctl is UP`. */
export function pinged(output: string, node: string): string | undefined {
  const lines = [...output.matchAll(/^Slurmctld\([^)]*\) at (\S+) is (UP|DOWN)/gm)];
  return lines.find(([, host]) => host === node)?.[2];
}
