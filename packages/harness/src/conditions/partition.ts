import { parseRecords } from "../slurm/records.ts";
import type { Condition } from "./condition.ts";
import { met, pending } from "./probe.ts";

/** A partition's states (slurm.h, PARTITION_*). */
export const PARTITION_STATES = ["UP", "DOWN", "DRAIN", "INACTIVE"] as const;

export function partitionIs(name: string, is: (typeof PARTITION_STATES)[number]): Condition<string> {
  return {
    title: `partition ${name} to be ${is}`,
    at: "login",
    argv: ["scontrol", "-o", "show", "partition", name],
    judge({ output }) {
      const state = parseRecords(output)[0]?.get("State");
      return state === is ? met(state) : pending(state ?? (output.trim() || "no answer"));
    },
  };
}
