import { accountingCaughtUp } from "./accounting-caught-up.ts";
import { accountingClosed } from "./accounting-closed.ts";
import { daemonsAlive } from "./daemons-alive.ts";
import { jobIdsFresh } from "./job-ids-fresh.ts";
import { jobsAccounted } from "./jobs-accounted.ts";
import { jobsAgree } from "./jobs-agree.ts";
import { jobsEndAsExpected } from "./jobs-end-as-expected.ts";
import { jobsRan } from "./jobs-ran.ts";
import { noCoreDumps } from "./no-core-dumps.ts";
import { noRunawayJobs } from "./no-runaway-jobs.ts";
import { nodesIdle } from "./nodes-idle.ts";

/** Every invariant. They are looked at side by side; the first here that does not hold is what a run fails with. */
export const INVARIANTS = [
  daemonsAlive,
  noCoreDumps,
  jobsAccounted,
  jobsEndAsExpected,
  jobsAgree,
  jobsRan,
  jobIdsFresh,
  accountingCaughtUp,
  accountingClosed,
  noRunawayJobs,
  nodesIdle,
] as const;

export type InvariantName = (typeof INVARIANTS)[number]["name"];
export const INVARIANT_NAMES: readonly InvariantName[] = INVARIANTS.map((invariant) => invariant.name);
