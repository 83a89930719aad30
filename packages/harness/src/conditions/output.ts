import type { Job } from "../verbs/job.ts";
import type { Condition } from "./condition.ts";
import { matching } from "./matching.ts";
import { met, pending } from "./probe.ts";

/** It is read again and again: of a job that floods its output the first 4 MiB have to do. */
const MOST_BYTES = 4 * 1024 * 1024;

/** A job's output file to match, seen from the login node. */
export function outputMatches(job: Job, pattern: RegExp): Condition<string> {
  return {
    title: `the output of ${job.title} to match ${pattern}`,
    at: "login",
    argv: ["head", `--bytes=${MOST_BYTES}`, job.outputPath],
    user: job.user,
    judge: ({ output }) =>
      matching(pattern, output) ? met(output) : pending(output.trim() || "no output yet"),
  };
}
