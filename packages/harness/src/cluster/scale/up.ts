import { compressHostlist } from "@slurmlab/config-gen";
import { type Condition, until } from "../../conditions/condition.ts";
import { hopeless, met, pending, type Sighting } from "../../conditions/probe.ts";
import { parseNodeState, parseRecords } from "../../slurm/records.ts";
import type { Cluster } from "../cluster.ts";
import { startDaemons } from "../daemons.ts";
import type { Look } from "../lens.ts";
import type { Node } from "../node.ts";
import { workersUp } from "../workers.ts";

/** Longest wait for a new worker, in milliseconds, and a share for each: slurmd's start and registration. */
const UP_MS = { all: 60_000, each: 2_000 } as const;

/** Starts the daemons of new workers, which slurmctld knows already, and waits until all that are to be up are. */
export async function awaitUp(
  cluster: Cluster,
  wanted: {
    readonly coming: readonly Node[];
    readonly added: readonly string[];
    readonly signal: AbortSignal;
    readonly onProgress: (line: string) => void;
  },
): Promise<void> {
  const { coming, added, signal, onProgress } = wanted;
  const names = workersUp(cluster.plan).filter((name) => added.includes(name));
  onProgress(`waiting for ${compressHostlist(names)} to be IDLE`);
  const there = Promise.resolve();
  const controller = Promise.withResolvers<void>();
  controller.resolve();
  const started = coming.map((node) =>
    startDaemons(node, cluster.plan, {
      signal,
      accounting: there,
      controller,
      onSlurmdbd: () => there,
    }),
  );
  await cluster.waits.during(Promise.all(started));
  await until(cluster, nodesUp(names), { withinMs: UP_MS.all + UP_MS.each * names.length, signal });
}

/** All these workers to be IDLE, or at work already: a queue may have waited for them. */
function nodesUp(names: readonly string[]): Condition<true> {
  return {
    title: `${compressHostlist(names)} to be IDLE, or at work already`,
    at: "slurmctld",
    argv: ["scontrol", "-o", "show", "node"],
    judge: (look) => allUp(look, names),
  };
}

/** States of a node that does what it is there for. */
const UP = new Set(["IDLE", "ALLOCATED", "MIXED"]);
const FLAGS = new Set(["RESERVED", "MAINTENANCE", "COMPLETING", "PLANNED"]);

/** Pure: judges what `scontrol -o show node` printed. */
export function allUp(look: Look, names: readonly string[]): Sighting<true> {
  if (look.code !== 0) return pending(look.output.trim() || `exit code ${look.code}`);
  const states = new Map(parseRecords(look.output).map((node) => [node.get("NodeName"), node]));
  const waiting: string[] = [];
  for (const name of names) {
    const { base, flags } = parseNodeState(states.get(name)?.get("State") ?? "missing");
    if (UP.has(base) && flags.every((flag) => FLAGS.has(flag))) continue;
    const reason = states.get(name)?.get("Reason");
    const seen = `${name} is ${[base, ...flags].join("+")}${reason ? ` (${reason})` : ""}`;
    if (flags.includes("INVALID_REG") || flags.includes("DRAIN")) return hopeless(seen);
    waiting.push(seen);
  }
  return waiting.length === 0 ? met(true) : pending(waiting.slice(0, 5).join(", "));
}
