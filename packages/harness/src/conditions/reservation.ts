import { parseRecords } from "../slurm/records.ts";
import type { Condition } from "./condition.ts";
import { met, pending } from "./probe.ts";

/** INACTIVE before its start, ABSENT when there is none of that name. */
export const RESERVATION_STATES = ["ACTIVE", "INACTIVE", "ABSENT"] as const;

export function reservationIs(name: string, is: (typeof RESERVATION_STATES)[number]): Condition<string> {
  return {
    title: `reservation ${name} to be ${is}`,
    at: "login",
    // Without the name: that of one that there is not is an error, as is an answer that does not come.
    argv: ["scontrol", "-o", "show", "reservation"],
    judge({ code, output }) {
      if (code !== 0) return pending(output.trim());
      const own = parseRecords(output).find((record) => record.get("ReservationName") === name);
      const state = own?.get("State") ?? "ABSENT";
      return state === is ? met(state) : pending(state);
    },
  };
}
