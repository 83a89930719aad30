import { hopeless, met, pending, type Sighting } from "../conditions/probe.ts";
import { parseNodeState, parseRecords } from "../slurm/records.ts";
import type { SnapshotRecord } from "../snapshot/record.ts";
import type { Cluster } from "./cluster.ts";
import type { Look } from "./lens.ts";
import { awaitRegistered } from "./ready.ts";
import { workersUp } from "./workers.ts";

/**
 * A cluster of a snapshot is ready when every slurmd has registered and its node is no worse than it was. No probe job: nodes may be
 * drained or reserved, and a queue may stand before it.
 */
export async function awaitRestored(
  cluster: Cluster,
  record: SnapshotRecord,
  onProgress: (line: string) => void,
): Promise<void> {
  const workers = workersUp(cluster.plan);
  onProgress(`waiting for ${workers.length === 1 ? "the worker" : `${workers.length} workers`} to register`);
  await awaitRegistered(cluster, {
    title: "every node to have registered, and to be as it was in the snapshot",
    at: "slurmctld",
    argv: ["scontrol", "-o", "show", "node"],
    judge: (look) => asBefore(look, workers, record),
  });
}

/** Pure: judges what `scontrol -o show node` printed. */
export function asBefore(
  look: Look,
  workers: readonly string[],
  record: Pick<SnapshotRecord, "nodes" | "created">,
): Sighting<true> {
  if (look.code !== 0) return pending(look.output.trim() || `exit code ${look.code}`);
  const nodes = new Map(parseRecords(look.output).map((node) => [node.get("NodeName"), node]));
  const waiting: string[] = [];
  for (const name of workers) {
    const shown = nodes.get(name)?.get("State") ?? "missing";
    const { base, flags } = parseNodeState(shown);
    const reason = nodes.get(name)?.get("Reason");
    const seen = `${name} is ${shown}${reason ? ` (${reason})` : ""}`;
    if (flags.includes("INVALID_REG")) return hopeless(seen);
    // slurmctld says of nodes what it knew before, until they tell it of a slurmd that was not there then.
    const started = Date.parse(`${nodes.get(name)?.get("SlurmdStartTime")}Z`);
    const registered = started >= Math.floor(Date.parse(record.created) / 1000) * 1000;
    const wasDown = /^DOWN/.test(record.nodes[name] ?? "");
    if (!registered) waiting.push(`${seen}, and its slurmd has not registered`);
    else if (flags.includes("NOT_RESPONDING") || base === "UNKNOWN" || (base === "DOWN" && !wasDown))
      waiting.push(seen);
  }
  return waiting.length === 0 ? met(true) : pending(waiting.slice(0, 5).join(", "));
}
