import { parseNodeState, parseRecords } from "../slurm/records.ts";
import type { Condition } from "./condition.ts";
import { met, pending } from "./probe.ts";

/** A node's base states and the flags that a scenario can wait for (slurm.h, enum node_states). */
export const NODE_STATES = [
  "IDLE",
  "ALLOCATED",
  "MIXED",
  "DOWN",
  "DRAIN",
  "NOT_RESPONDING",
  "INVALID_REG",
  "UNKNOWN",
] as const;
export type NodeState = (typeof NODE_STATES)[number];

/** IDLE, ALLOCATED and MIXED mean that and nothing else; the other words may stand beside a base state. */
export function nodeIs(name: string, is: NodeState): Condition<ReadonlyMap<string, string>> {
  return {
    title: `node ${name} to be ${is}`,
    at: "slurmctld",
    argv: ["scontrol", "-o", "show", "node", name],
    judge(look) {
      const record = parseRecords(look.output)[0];
      const printed = record?.get("State");
      if (!record || !printed) return pending(look.output.trim());
      const { base, flags } = parseNodeState(printed);
      const plain = is === "IDLE" || is === "ALLOCATED" || is === "MIXED";
      if (plain ? base === is && flags.length === 0 : base === is || flags.includes(is)) return met(record);
      const reason = record.get("Reason");
      return pending(`${printed}${reason ? `, reason ${reason}` : ""}`);
    },
  };
}
