import type { JobEntry } from "../ledger/jobs.ts";
import type { SlurmRecord } from "../slurm/records.ts";
import { type AccountedRun, lastRun } from "../slurm/sacct.ts";

/** Pure: what slurmctld and accounting say differently, a line each. A job that slurmctld has forgotten is not judged here. */
export function disagreements(
  { runs, records }: { readonly runs: readonly AccountedRun[]; readonly records: readonly SlurmRecord[] },
  entries: readonly JobEntry[],
): string[] {
  return entries.flatMap(({ job }) =>
    job.parts.flatMap((part) => {
      const last = lastRun(runs, part);
      const record = records.find((each) => last && each.get("JobId") === last.rawId);
      if (!last || !record) return [];
      const starts = runs.filter((run) => run.id === part).length;
      return compared(last, starts, record)
        .filter(([, told, kept]) => told !== kept)
        .map(([what, told, kept]) => `job ${part}: ${what} is ${told} for slurmctld, ${kept} in accounting`);
    }),
  );
}

type Compared = [what: string, told: string | undefined, kept: string | undefined];

function compared(run: AccountedRun, rows: number, record: SlurmRecord): Compared[] {
  return [
    ["its state", record.get("JobState"), run.state],
    ["the number of its rows", String(Number(record.get("Restarts")) + 1), String(rows)],
    // slurmctld has a start for a job that never started: that of its end.
    ...(run.start ? [["its start", record.get("StartTime"), run.start] satisfies Compared] : []),
    ["its end", record.get("EndTime"), run.end],
    // A cancelled job's signal is known only after its end has been sent.
    ...(run.state === "CANCELLED" || wasLost(run, record)
      ? []
      : [["its exit code", record.get("ExitCode"), run.exitCode] satisfies Compared]),
  ];
}

/**
 * A job that was lost with its node has signal 1 for slurmctld, and exit code 1 in accounting: Slurm's own two words for it (24.11).
 * When its processes are ended after that, by the slurmd that comes back, slurmctld learns of the signal, and has sent the end before
 * (20.11).
 */
function wasLost(run: AccountedRun, record: SlurmRecord): boolean {
  if (run.state !== "NODE_FAIL") return false;
  const told = record.get("ExitCode") ?? "";
  return (told === "0:1" && run.exitCode === "1:0") || (/^0:[1-9]\d*$/.test(told) && run.exitCode === "0:0");
}
