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
type NodeState = (typeof NODE_STATES)[number];

/** IDLE, ALLOCATED and MIXED mean that and nothing else; the other words may stand beside a base state. */
interface NodeWish {
  readonly is: NodeState;
  /** Part of Reason. */
  readonly reason?: string | undefined;
  /**
   * The release of the slurmd that registered: `24.11`. A slurmctld of another release that was just started does not know
   * it yet (22.05 on the state of 20.11).
   */
  readonly version?: string | undefined;
}

export function nodeIs(name: string, wish: NodeWish): Condition<ReadonlyMap<string, string>> {
  const { is, reason: wanted, version } = wish;
  const of = version ? ` of ${version}` : "";
  return {
    title: `node ${name} to be ${is}${of}${wanted ? ` with reason ${wanted}` : ""}`,
    at: "login",
    argv: ["scontrol", "-o", "show", "node", name],
    judge(look) {
      const record = parseRecords(look.output)[0];
      const printed = record?.get("State");
      if (!record || !printed) return pending(look.output.trim());
      const { base, flags } = parseNodeState(printed);
      const plain = is === "IDLE" || is === "ALLOCATED" || is === "MIXED";
      const isSo = plain ? base === is && flags.length === 0 : base === is || flags.includes(is);
      const reason = record.get("Reason");
      const registered = record.get("Version");
      const isOf = version === undefined || registered === version || registered?.startsWith(`${version}.`);
      if (isSo && isOf && (!wanted || reason?.includes(wanted))) return met(record);
      const other = isOf ? "" : registered ? ` of ${registered}` : ", which has not said its version";
      return pending(`${printed}${other}${reason ? `, reason ${reason}` : ""}`);
    },
  };
}
