import { dbdQueue } from "../slurm/sdiag.ts";
import type { Condition } from "./condition.ts";
import { met, pending } from "./probe.ts";

/** The number of messages that slurmctld keeps for slurmdbd to be in a range. Meets with the number. */
export function dbdQueueIs(range: { readonly atLeast: number; readonly atMost: number }): Condition<number> {
  const { atLeast, atMost } = range;
  const words =
    atLeast === atMost
      ? `${atLeast}`
      : atMost >= Number.MAX_SAFE_INTEGER
        ? `at least ${atLeast}`
        : `${atLeast} to ${atMost}`;
  return {
    title: `slurmctld's queue to slurmdbd to be ${words}`,
    at: "login",
    argv: ["sdiag"],
    judge({ output }) {
      const size = dbdQueue(output);
      if (size === undefined) return pending(output.trim() || "no answer");
      return size >= atLeast && size <= atMost ? met(size) : pending(`${size} messages`);
    },
  };
}
