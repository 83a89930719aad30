import type { JobState } from "../conditions/job.ts";
import type { Job } from "../verbs/job.ts";

/** What is known of a submission. */
export interface Submission {
  /** Whether its script marks its starts. */
  readonly marked: boolean;
  /** The states that it gives as its ends; empty when it gives none. */
  readonly ends: readonly JobState[];
  /** The highest id that was known when sbatch was called: its own has to be higher. */
  readonly above: number;
}

/** One submitted job. */
export interface JobEntry extends Submission {
  readonly job: Job;
  /** The states that it may end in; never empty. */
  readonly ends: readonly JobState[];
}

/**
 * Every job that the scenario submitted, for the invariants. A job has to end COMPLETED, unless its submission says
 * otherwise, a step has cancelled it, or a step has asked for another end and seen it: what a scenario neither wanted
 * nor looked at is no end that it may pass with.
 */
export class JobLedger {
  readonly #entries: Array<{ job: Job; submission: Submission; seen: Set<JobState> }> = [];

  add(job: Job, submission: Submission): void {
    this.#entries.push({ job, submission, seen: new Set() });
  }

  /** A step has brought this end about, or asked for it and seen it. */
  ended(job: Job, state: JobState): void {
    this.#entries.find((entry) => entry.job === job)?.seen.add(state);
  }

  /** The highest id that sbatch has given; 0 before the first. */
  get highestId(): number {
    return Math.max(0, ...this.#entries.map(({ job }) => Number(job.id)));
  }

  /** In the order of their submission. */
  get all(): readonly JobEntry[] {
    return this.#entries.map(({ job, submission, seen }) => {
      const said = [...new Set([...submission.ends, ...seen])];
      return { ...submission, job, ends: said.length > 0 ? said : ["COMPLETED"] };
    });
  }
}
