// A cluster that goes on from a snapshot with 100,000 finished jobs, beside an empty one of the same run; and three of it at once.
//
// node packages/harness/bench/snapshot.ts [--json]
import { planCluster } from "@slurmlab/config-gen";
import { DEFAULT_SLURM } from "@slurmlab/images";
import { type Cluster, nodeOf } from "../src/cluster/cluster.ts";
import { startCluster } from "../src/cluster/start.ts";
import { listClusters } from "../src/cluster/sweep.ts";
import { Undo } from "../src/errors/undo.ts";
import { type Snapshot, snapshotTag } from "../src/snapshot/record.ts";
import { findSnapshot } from "../src/snapshot/stored.ts";
import { takeSnapshot } from "../src/snapshot/take.ts";
import { makeHistory } from "./snapshot/history.ts";
import { benchId } from "./support/bench-cluster.ts";
import { median, timed } from "./support/measure.ts";
import { prepared } from "./support/prepared.ts";
import { report } from "./support/report.ts";

const RUNS = 7;
const AT_ONCE = 3;
const JOBS = 100_000;
const QUEUED = 100;
const NAME = "bench";

const planned = planCluster(
  { nodes: [{ name: "g[1-2]", roles: ["slurmd"], cpus: 4, gpus: { type: "a100", count: 4 } }] },
  { defaultSlurm: DEFAULT_SLURM },
);
if (!planned.ok) throw new Error(planned.problems[0]?.message);
const { plan } = planned;
const { engine, images } = await prepared();

/** Starts a cluster, times that, and takes it down when `use` is through. */
async function cluster(snapshot?: Snapshot, use?: (cluster: Cluster) => Promise<void>): Promise<number> {
  const undo = new Undo();
  const signal = AbortSignal.timeout(600_000);
  try {
    let started: Cluster | undefined;
    const options = { ...benchId(), plan, images, undo, signal, snapshot, onProgress: () => {} };
    const time = await timed(async () => {
      started = await startCluster(engine, options);
    });
    if (started) await use?.(started);
    return time / 1000;
  } finally {
    const left = await undo.run();
    if (left.length > 0) console.error(`left: ${left.join(", ")}`);
  }
}

async function sacctCount(of: Cluster): Promise<void> {
  const rows = await nodeOf(of, "login").run([
    "sacct",
    "-a",
    "-X",
    "-n",
    "-S",
    "now-40days",
    "--format=JobID",
  ]);
  const count = rows.split("\n").length;
  if (count < JOBS) throw new Error(`sacct shows ${count} jobs, and there should be ${JOBS}`);
}

let taken = Number.NaN;
await cluster(undefined, async (of) => {
  await makeHistory(of, JOBS, QUEUED);
  const found = (await listClusters(engine)).find(({ id }) => id === of.id);
  if (!found) throw new Error(`no cluster ${of.id}`);
  const options = { name: NAME, force: true, whileJobsRun: false, onProgress: () => {}, signal: of.signal };
  taken = await timed(() => takeSnapshot(engine, found, options));
});
const snapshot = await findSnapshot(engine, NAME);
const size =
  (await engine.listImages()).find(({ tags }) => tags.includes(snapshotTag(NAME)))?.size ?? Number.NaN;
const empty: number[] = [];
const full: number[] = [];
try {
  // In turns, so that a slow moment of the machine meets both.
  for (let run = 1; run <= RUNS; run++) {
    empty.push(await cluster());
    full.push(await cluster(snapshot, run === 1 ? sacctCount : undefined));
    console.error(
      `${run} of ${RUNS}: empty ${empty.at(-1)?.toFixed(2)} s, from the snapshot ${full.at(-1)?.toFixed(2)} s`,
    );
  }
  const together = await Promise.all(Array.from({ length: AT_ONCE }, () => cluster(snapshot)));
  report(
    [
      {
        what: `a cluster from a snapshot with ${JOBS} finished jobs and ${QUEUED} in the queue, median of ${RUNS}`,
        unit: "s",
        value: median(full),
        floor: { value: median(empty), what: "an empty cluster" },
        ratioGoal: 1.3,
      },
      {
        what: `${AT_ONCE} clusters from one snapshot at once, the slowest`,
        unit: "s",
        value: Math.max(...together),
      },
      { what: "taking the snapshot", unit: "s", value: taken / 1000 },
      { what: "its image", unit: "MB", value: size / 1e6 },
    ],
    { what: "a snapshot", slurm: images.slurm },
  );
} finally {
  await engine.removeImage(snapshotTag(NAME));
}
