import { parseRecords } from "../slurm/records.ts";
import type { Job } from "../verbs/job.ts";
import type { Condition } from "./condition.ts";
import { isFinal } from "./job.ts";
import { met, pending } from "./probe.ts";

/** All of these jobs to have ended, in whatever state: how each has to end the ledger knows. */
export function allEnded(title: string, jobs: readonly Job[]): Condition<number> {
  return {
    title: `${title} to be over`,
    at: "login",
    argv: ["scontrol", "-o", "show", "job"],
    judge({ output }) {
      const states = new Map(parseRecords(output).map((job) => [job.get("JobId"), job.get("JobState")]));
      const open = jobs.filter(({ id }) => !isFinal(states.get(id) ?? "PENDING"));
      if (open.length === 0) return met(jobs.length);
      const some = open.slice(0, 3).map(({ id }) => `${id} is ${states.get(id) ?? "unknown to slurmctld"}`);
      return pending(`${open.length} of ${jobs.length} have not ended: ${some.join(", ")}`);
    },
  };
}
