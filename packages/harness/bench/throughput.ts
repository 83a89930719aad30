// Jobs submitted, started and completed a second for a minute, all of them accounted for; beside the bare daemons in one container.
//
// node packages/harness/bench/throughput.ts [--json]
import { planCluster } from "@slurmlab/config-gen";
import { DEFAULT_SLURM } from "@slurmlab/images";
import { nodeOf } from "../src/cluster/cluster.ts";
import { startCluster } from "../src/cluster/start.ts";
import { Undo } from "../src/errors/undo.ts";
import { startBare } from "./support/bare.ts";
import { benchId } from "./support/bench-cluster.ts";
import type { Figure } from "./support/figures.ts";
import { prepared } from "./support/prepared.ts";
import { report } from "./support/report.ts";
import { FEED, type Rates, ratesIn, SECONDS } from "./throughput/feed.ts";

const CPUS = 32;
const READY = `until { :; } 2> /dev/null 3<> "/dev/tcp/$(hostname -s)/6817"; do sleep 0.1; done; until sinfo -h -N -o %T 2> /dev/null | grep -qx idle; do sleep 0.1; done`;

const planned = planCluster(
  { nodes: [{ name: "c[1-2]", roles: ["slurmd"], cpus: CPUS / 2, memory: 16_000 }] },
  { defaultSlurm: DEFAULT_SLURM },
);
if (!planned.ok) throw new Error(planned.problems[0]?.message);
const { plan } = planned;
const { engine, images } = await prepared();

async function inCluster(): Promise<Rates> {
  const undo = new Undo();
  const signal = AbortSignal.timeout(600_000);
  try {
    const options = { ...benchId(), plan, images, undo, signal, onProgress: () => {} };
    const cluster = await startCluster(engine, options);
    return ratesIn(await nodeOf(cluster, "login").run(["bash", "-c", FEED], { signal }));
  } finally {
    const left = await undo.run();
    if (left.length > 0) console.error(`left: ${left.join(", ")}`);
  }
}

async function bare(): Promise<Rates> {
  const signal = AbortSignal.timeout(600_000);
  const env = { SLURM_CPUS: String(CPUS), SLURM_MEMORY: "32000" };
  await using container = await startBare(engine, { ...benchId(), images, env });
  await container.run(READY, signal);
  return ratesIn(await container.run(FEED, signal));
}

const cluster = await inCluster();
console.error(`cluster: ${JSON.stringify(cluster)}`);
const floor = await bare();
console.error(`bare: ${JSON.stringify(floor)}`);

const figures = (["submitted", "started", "completed"] as const).map(
  (what): Figure => ({
    what: `jobs ${what} over ${SECONDS} s`,
    unit: "jobs/s",
    value: cluster[what],
    floor: { value: floor[what], what: "the daemons bare in one container" },
  }),
);
report(figures, { what: "throughput", slurm: images.slurm });
