import { type AccountedJob, parseSacct, sacctArguments } from "../slurm/sacct.ts";
import type { Job } from "../verbs/job.ts";
import type { Condition } from "./condition.ts";
import { isFinal, type JobState } from "./job.ts";
import { hopeless, met, pending } from "./probe.ts";

export interface AccountingWish {
  readonly is: JobState;
  /** Exit code and signal as sacct prints them: `3:0`. */
  readonly exitCode?: string | undefined;
  /** Allocated trackable resources: `{ "gres/gpu": 1 }`; 0 means that the job had none. */
  readonly tres?: Readonly<Record<string, number>> | undefined;
}

/** A job's row in accounting to say what it should. */
export function accountedAs(job: Job, wish: AccountingWish): Condition<AccountedJob> {
  const parts = [
    wish.is,
    ...(wish.exitCode ? [`exit code ${wish.exitCode}`] : []),
    ...Object.entries(wish.tres ?? {}).map(([name, count]) => `${name}=${count}`),
  ];
  return {
    title: `${job.title} to be in accounting as ${parts.join(", ")}`,
    at: "login",
    argv: sacctArguments([job.id]),
    judge(look) {
      const row = parseSacct(look.output).find((candidate) => candidate.id === job.id);
      if (!row) return pending(look.output.trim() || "no row yet");
      const tres = Object.entries(wish.tres ?? {});
      const wrong =
        row.state !== wish.is ||
        (wish.exitCode !== undefined && row.exitCode !== wish.exitCode) ||
        tres.some(([name, count]) => (row.allocTres.get(name) ?? "0") !== String(count));
      if (!wrong) return met(row);
      const seen = `${row.state}, exit code ${row.exitCode}, ${[...row.allocTres].map((pair) => pair.join("=")).join(",") || "nothing allocated"}`;
      return isFinal(row.state) ? hopeless(seen) : pending(seen);
    },
  };
}
