// Jobs submitted, started and completed a second for a minute, with and without accounting; beside the bare daemons in one container.
//
// node packages/harness/bench/throughput.ts [--json]
import { planCluster } from "@slurmlab/config-gen";
import { DEFAULT_SLURM } from "@slurmlab/images";
import { changeFiles } from "../src/cluster/change-files.ts";
import { nodeOf } from "../src/cluster/cluster.ts";
import { DaemonControl } from "../src/cluster/daemon-control.ts";
import { startCluster } from "../src/cluster/start.ts";
import { Undo } from "../src/errors/undo.ts";
import { withKeys } from "../src/slurm/conf-keys.ts";
import { startBare } from "./support/bare.ts";
import { benchId } from "./support/bench-cluster.ts";
import type { Figure } from "./support/figures.ts";
import { prepared } from "./support/prepared.ts";
import { report } from "./support/report.ts";
import { FEED, type Rates, ratesIn, SECONDS } from "./throughput/feed.ts";

const CPUS = 32;
const WITHOUT = { AccountingStorageType: "accounting_storage/none", AccountingStorageHost: null };
const READY = `until sinfo -h -N -o %T 2> /dev/null | grep -qx idle; do sleep 0.1; done`;

const planned = planCluster(
  { nodes: [{ name: "c[1-2]", roles: ["slurmd"], cpus: CPUS / 2, memory: 16_000 }] },
  { defaultSlurm: DEFAULT_SLURM },
);
if (!planned.ok) throw new Error(planned.problems[0]?.message);
const { plan } = planned;
const { engine, images } = await prepared();

interface Both {
  readonly accounted: Rates;
  readonly unaccounted: Rates;
}

async function inCluster(): Promise<Both> {
  const undo = new Undo();
  const signal = AbortSignal.timeout(600_000);
  try {
    const options = { ...benchId(), plan, images, undo, signal, onProgress: () => {} };
    const cluster = await startCluster(engine, options);
    const login = nodeOf(cluster, "login");
    const feed = async () => ratesIn(await login.run(["bash", "-c", FEED], { signal }));
    const accounted = await feed();
    await login.run(["bash", "-c", EMPTY], { signal });
    await changeFiles(
      cluster,
      ({ path }) => path.endsWith("/slurm.conf"),
      (text) => withKeys(text, WITHOUT),
    );
    await new DaemonControl(cluster).restart(nodeOf(cluster, "slurmctld"), "slurmctld");
    await login.run(["bash", "-c", READY], { signal });
    return { accounted, unaccounted: await feed() };
  } finally {
    const left = await undo.run();
    if (left.length > 0) console.error(`left: ${left.join(", ")}`);
  }
}

/** What was submitted has to be gone before the next measurement. */
const EMPTY = 'scancel --state=PENDING; until [ -z "$(squeue -h)" ]; do sleep 0.5; done';

async function bare(): Promise<Both> {
  const signal = AbortSignal.timeout(600_000);
  const env = { SLURM_CPUS: String(CPUS), SLURM_MEMORY: "32000" };
  await using container = await startBare(engine, { ...benchId(), images, env });
  const up = `until { :; } 2> /dev/null 3<> "/dev/tcp/$(hostname -s)/6817"; do sleep 0.1; done; ${READY}`;
  await container.run(up, signal);
  const accounted = ratesIn(await container.run(FEED, signal));
  const change = "sed -i '/^AccountingStorage/d' /etc/slurm/slurm.conf; sv -w 60 restart slurmctld";
  await container.run(`${EMPTY}; ${change}; ${up}`, signal);
  return { accounted, unaccounted: ratesIn(await container.run(FEED, signal)) };
}

const cluster = await inCluster();
console.error(`cluster: ${JSON.stringify(cluster)}`);
const floor = await bare();
console.error(`bare: ${JSON.stringify(floor)}`);

const figures = (["accounted", "unaccounted"] as const).flatMap((which) =>
  (["submitted", "started", "completed"] as const).map(
    (what): Figure => ({
      what: `jobs ${what}, ${which === "accounted" ? "with" : "without"} accounting, over ${SECONDS} s`,
      unit: "jobs/s",
      value: cluster[which][what],
      floor: { value: floor[which][what], what: "the daemons bare in one container" },
    }),
  ),
);
report(figures, { what: "throughput", slurm: images.slurm });
