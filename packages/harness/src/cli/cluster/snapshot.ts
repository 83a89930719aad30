import { lookForEngine } from "../../engine/find.ts";
import { EXIT, LabError } from "../../errors/lab-error.ts";
import { snapshotTag } from "../../snapshot/record.ts";
import { findSnapshot, listSnapshots } from "../../snapshot/stored.ts";
import { takeSnapshot } from "../../snapshot/take.ts";
import { terminal } from "../terminal.ts";
import { findCluster } from "./found.ts";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

export interface SnapshotOptions {
  readonly cluster?: string;
  readonly force?: boolean;
  readonly whileJobsRun?: boolean;
  readonly json?: boolean;
}

/** `cluster snapshot NAME`. */
export async function snapshot(name: string, options: SnapshotOptions): Promise<number> {
  const out = terminal(options);
  const { engine, cluster } = await findCluster(options.cluster);
  const interrupt = new AbortController();
  const stop = (name: NodeJS.Signals) => {
    out.note(`${name}: the daemons are started again first`);
    interrupt.abort(new LabError({ kind: "interrupted", message: name }));
  };
  for (const name of SIGNALS) process.once(name, stop);
  try {
    const record = await takeSnapshot(engine, cluster, {
      name,
      force: options.force ?? false,
      whileJobsRun: options.whileJobsRun ?? false,
      onProgress: out.note,
      signal: interrupt.signal,
    });
    const { accounted, queued } = record.jobs;
    if (options.json) out.print(JSON.stringify(record, null, 2));
    else
      out.print(
        `${snapshotTag(name)}: ${accounted} jobs in accounting, ${queued} in the queue\na cluster that goes on from it: pnpm cluster up --from ${name}`,
      );
    return EXIT.ok;
  } finally {
    for (const name of SIGNALS) process.off(name, stop);
  }
}

export interface SnapshotsOptions {
  readonly json?: boolean;
  readonly remove?: readonly string[];
}

/** `cluster snapshots`: lists them, or removes some. */
export async function snapshots(options: SnapshotsOptions): Promise<number> {
  const out = terminal(options);
  const found = await lookForEngine(process.env);
  if (!found) {
    out.print(options.json ? "[]" : "no snapshots: no container engine runs");
    return EXIT.ok;
  }
  const { engine } = found;
  // All are looked for before one is removed.
  for (const name of options.remove ?? []) await findSnapshot(engine, name);
  for (const name of options.remove ?? []) {
    await engine.removeImage(snapshotTag(name));
    out.note(`removed ${snapshotTag(name)}`);
  }
  if (options.remove) return EXIT.ok;
  const all = await listSnapshots(engine);
  if (options.json) out.print(JSON.stringify(all, null, 2));
  else if (all.length === 0) out.print("no snapshots; take one: pnpm cluster snapshot NAME");
  else
    for (const { name, size, created } of all) {
      const { record } = await findSnapshot(engine, name);
      out.print(
        `${name}  Slurm ${record.slurm}  of ${record.cluster}  ${record.jobs.accounted} jobs, ${record.jobs.queued} in the queue  ${Math.ceil(size / 1e6)} MB  ${created}`,
      );
    }
  return EXIT.ok;
}
