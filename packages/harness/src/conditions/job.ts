import { parseRecords } from "../slurm/records.ts";
import type { Job } from "../verbs/job.ts";
import type { Condition } from "./condition.ts";
import { hopeless, met, pending } from "./probe.ts";

/** JobState as scontrol prints it (slurm.h, enum job_states), less those that a job only passes through. */
export const JOB_STATES = [
  "PENDING",
  "RUNNING",
  "SUSPENDED",
  "COMPLETING",
  "COMPLETED",
  "CANCELLED",
  "FAILED",
  "TIMEOUT",
  "NODE_FAIL",
  "PREEMPTED",
  "BOOT_FAIL",
  "DEADLINE",
  "OUT_OF_MEMORY",
] as const;
export type JobState = (typeof JOB_STATES)[number];

const STILL_MOVING: readonly string[] = [
  "PENDING",
  "CONFIGURING",
  "RUNNING",
  "SUSPENDED",
  "COMPLETING",
  "REQUEUED",
];

/** A job ends once: when it has, in another state than the one awaited, waiting on is hopeless. */
export function isFinal(state: string): boolean {
  return !STILL_MOVING.includes(state);
}

/** A job to be in a state, with a reason when one is given. Meets with the job's record. */
export function jobIs(job: Job, is: JobState, reason?: string): Condition<ReadonlyMap<string, string>> {
  return {
    title: `${job.title} to be ${is}${reason ? ` with reason ${reason}` : ""}`,
    at: "login",
    argv: ["scontrol", "-o", "show", "job", job.id],
    judge(look) {
      const record = parseRecords(look.output)[0];
      const state = record?.get("JobState");
      if (!record || !state) return pending(look.output.trim() || "no such job");
      const seenReason = record.get("Reason") ?? "None";
      // `ReqNodeNotAvail,_UnavailableNodes:c1`: detail stands behind a comma.
      const isReason = !reason || seenReason === reason || seenReason.startsWith(`${reason},`);
      if (state === is && isReason) return met(record);
      const seen = `${state}${seenReason === "None" ? "" : `, reason ${seenReason}`}, exit code ${record.get("ExitCode")}`;
      return isFinal(state) ? hopeless(seen) : pending(seen);
    },
  };
}
