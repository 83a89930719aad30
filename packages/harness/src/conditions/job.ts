import { parseRecords, type SlurmRecord } from "../slurm/records.ts";
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

export interface JobWish {
  readonly is: JobState;
  readonly reason?: string | undefined;
  /** How often it has been requeued. */
  readonly restarts?: number | undefined;
}

/** A job to be in a state; an array or a heterogeneous job, every part of it. Meets with the first part's record. */
export function jobIs(job: Job, wish: JobWish): Condition<SlurmRecord> {
  const { is, reason, restarts } = wish;
  const more = [
    reason ? ` with reason ${reason}` : "",
    restarts === undefined ? "" : ` after ${counted(restarts)}`,
  ];
  return {
    title: `${job.title} to be ${is}${more.join("")}`,
    at: "login",
    argv: ["scontrol", "-o", "show", "job", job.id],
    judge(look) {
      const records = parseRecords(look.output);
      const [first] = records;
      const wrong = records.filter((record) => !isAsWished(record, wish));
      if (!first?.get("JobState")) return pending(look.output.trim() || "no such job");
      if (wrong.length === 0) return met(first);
      const seen = wrong.map((record) => described(record, records.length > 1)).join("; ");
      return wrong.some((record) => isFinal(record.get("JobState") ?? "")) ? hopeless(seen) : pending(seen);
    },
  };
}

function isAsWished(record: SlurmRecord, { is, reason, restarts }: JobWish): boolean {
  const seen = record.get("Reason") ?? "None";
  return (
    record.get("JobState") === is &&
    // `ReqNodeNotAvail,_UnavailableNodes:c1`: detail stands behind a comma.
    (!reason || seen === reason || seen.startsWith(`${reason},`)) &&
    (restarts === undefined || Number(record.get("Restarts")) === restarts)
  );
}

function described(record: SlurmRecord, named: boolean): string {
  const reason = record.get("Reason") ?? "None";
  const restarts = Number(record.get("Restarts") ?? 0);
  return [
    `${named ? `${record.get("JobId")} is ` : ""}${record.get("JobState")}`,
    ...(reason === "None" ? [] : [`reason ${reason}`]),
    `exit code ${record.get("ExitCode")}`,
    ...(restarts > 0 ? [counted(restarts)] : []),
  ].join(", ");
}

function counted(restarts: number): string {
  return `${restarts} restart${restarts === 1 ? "" : "s"}`;
}
