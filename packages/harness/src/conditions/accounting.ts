import { type AccountedJob, parseSacct, sacctArguments } from "../slurm/sacct.ts";
import type { Job } from "../verbs/job.ts";
import type { Condition } from "./condition.ts";
import { isFinal, type JobState } from "./job.ts";
import { hopeless, met, pending, type Sighting } from "./probe.ts";

export interface AccountingWish {
  readonly is: JobState;
  /** Exit code and signal as sacct prints them: `3:0`. */
  readonly exitCode?: string | undefined;
  /** Allocated trackable resources: `{ "gres/gpu": 1 }`; 0 means that the job had none. */
  readonly tres?: Readonly<Record<string, number>> | undefined;
  /** Rows, those of earlier starts too (sacct -D). */
  readonly rows?: number | undefined;
}

/** A job's latest row in accounting to say what it should; of an array or a heterogeneous job, that of every part. */
export function accountedAs(job: Job, wish: AccountingWish): Condition<AccountedJob> {
  const parts = [
    wish.is,
    ...(wish.exitCode ? [`exit code ${wish.exitCode}`] : []),
    ...Object.entries(wish.tres ?? {}).map(([name, count]) => `${name}=${count}`),
    ...(wish.rows === undefined ? [] : [wish.rows === 1 ? "one row" : `the last of ${wish.rows} rows`]),
  ];
  return {
    title: `${job.title} to be in accounting as ${parts.join(", ")}`,
    at: "login",
    argv: [...sacctArguments([job.id]), ...(wish.rows === undefined ? [] : ["-D"])],
    judge(look) {
      const all = parseSacct(look.output);
      const sightings = job.parts.map((part) => {
        const own = all.filter((row) => row.id === part);
        return judged(own, wish, { name: job.parts.length > 1 ? `${part} is ` : "", user: job.user });
      });
      const open = sightings.find(({ is }) => is === "hopeless") ?? sightings.find(({ is }) => is !== "met");
      return open ?? sightings.at(-1) ?? pending("no row yet");
    },
  };
}

function judged(
  rows: readonly AccountedJob[],
  wish: AccountingWish,
  { name, user }: { readonly name: string; readonly user: string },
): Sighting<AccountedJob> {
  const row = rows.at(-1);
  if (!row) return pending(`${name}no row yet`);
  const wrong =
    row.state !== wish.is ||
    (wish.exitCode !== undefined && row.exitCode !== wish.exitCode) ||
    Object.entries(wish.tres ?? {}).some(([key, count]) => (row.allocTres.get(key) ?? "0") !== String(count));
  // slurmctld tells of a start when slurmdbd listens again, and may know the job's end by then: such a row has the state of a job
  // that is over, and neither its end nor its exit code until those come behind (seen with 20.11 and 22.05).
  const open = isFinal(row.state) && row.end === undefined;
  // What comes first of a job's end and its start makes the row. From an end alone slurmdbd makes one of an "allocation" of root, until
  // the start comes behind (seen with 20.11).
  const early = row.user !== undefined && row.user !== user;
  const counted = wish.rows === undefined || rows.length === wish.rows;
  if (!wrong && counted && !open && !early) return met(row);
  const tres = [...row.allocTres].map((pair) => pair.join("=")).join(",") || "nothing allocated";
  const count = counted ? "" : `, ${rows.length} row${rows.length === 1 ? "" : "s"}`;
  const more = `${open ? ", no end yet" : ""}${early ? `, and ${row.user}'s, as its start is not told yet` : ""}`;
  const seen = `${name}${row.state}, exit code ${row.exitCode}, ${tres}${count}${more}`;
  return isFinal(row.state) && counted && !open && !early ? hopeless(seen) : pending(seen);
}
