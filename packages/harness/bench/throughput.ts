// Jobs submitted, started and completed a second for a minute, with all of them accounted for and without accounting; beside the
// bare daemons in one container.
//
// node packages/harness/bench/throughput.ts [--json]
import { planCluster } from "@slurmlab/config-gen";
import { DEFAULT_SLURM } from "@slurmlab/images";
import { changeFiles } from "../src/cluster/change-files.ts";
import { nodeOf } from "../src/cluster/cluster.ts";
import { DaemonControl } from "../src/cluster/daemon-control.ts";
import { startCluster } from "../src/cluster/start.ts";
import { Undo } from "../src/errors/undo.ts";
import { startBare } from "./support/bare.ts";
import { benchId } from "./support/bench-cluster.ts";
import type { Figure } from "./support/figures.ts";
import { prepared } from "./support/prepared.ts";
import { report } from "./support/report.ts";
import { CLEAR, FEED, type Rates, ratesIn, SECONDS } from "./throughput/feed.ts";

const CPUS = 32;
const IDLE = `until { :; } 2> /dev/null 3<> "/dev/tcp/$(hostname -s)/6817"; do sleep 0.1; done; until sinfo -h -N -o %T 2> /dev/null | grep -qx idle; do sleep 0.1; done`;
/**
 * slurmctld takes 10,000 jobs by default, ended ones among them for MinJobAge (five minutes). From then on sbatch says nothing and
 * tries again later: a minute of jobs comes that far.
 */
const JOBS = { MaxJobCount: 200_000 };
const MANY_JOBS = `
sv force-stop slurmctld > /dev/null
echo MaxJobCount=${JOBS.MaxJobCount} >> /etc/slurm/slurm.conf
sv start slurmctld > /dev/null
${IDLE}`;
/** What keeps slurmctld from telling anyone of its jobs; the same keys in a lab and in the image with all daemons. */
const STORED = /^AccountingStorage(Type|Host|Enforce|TRES)=.*\n|^AccountingStoreFlags=.*\n/gm;
const NOT_STORED = "AccountingStorageType=accounting_storage/none\n";
/** The same in the bare container, where nothing of slurmlab is. */
const WITHOUT_ACCOUNTING = `
${CLEAR}
sv force-stop slurmctld > /dev/null
sv force-stop slurmdbd mariadbd > /dev/null
sed -i '/^AccountingStor/d' /etc/slurm/slurm.conf
echo '${NOT_STORED.trim()}' >> /etc/slurm/slurm.conf
sv start slurmctld > /dev/null
${IDLE}`;

interface Measured {
  readonly accounted: Rates;
  readonly unaccounted: Rates;
}

const planned = planCluster(
  {
    nodes: [{ name: "c[1-2]", roles: ["slurmd"], cpus: CPUS / 2, memory: 16_000 }],
    overrides: { "slurm.conf": JOBS },
  },
  { defaultSlurm: DEFAULT_SLURM },
);
if (!planned.ok) throw new Error(planned.problems[0]?.message);
const { plan } = planned;
const { engine, images } = await prepared();

async function inCluster(): Promise<Measured> {
  const undo = new Undo();
  const signal = AbortSignal.timeout(600_000);
  try {
    const options = { ...benchId(), plan, images, undo, signal, onProgress: () => {} };
    const cluster = await startCluster(engine, options);
    const login = nodeOf(cluster, "login");
    const accounted = ratesIn(await login.run(["bash", "-c", FEED], { signal }));
    await login.run(["bash", "-c", CLEAR], { signal });
    const control = new DaemonControl(cluster);
    const controller = nodeOf(cluster, "slurmctld");
    await control.stop(controller, "slurmctld");
    await control.stop(nodeOf(cluster, "slurmdbd"), "slurmdbd");
    await control.stop(nodeOf(cluster, "database"), "mariadbd");
    await changeFiles(
      cluster,
      ({ path }) => path === "/etc/slurm/slurm.conf",
      (text) => `${text.replace(STORED, "")}${NOT_STORED}`,
    );
    await control.start(controller, "slurmctld");
    return { accounted, unaccounted: ratesIn(await login.run(["bash", "-c", FEED], { signal })) };
  } finally {
    const left = await undo.run();
    if (left.length > 0) console.error(`left: ${left.join(", ")}`);
  }
}

async function bare(): Promise<Measured> {
  const signal = AbortSignal.timeout(600_000);
  const env = { SLURM_CPUS: String(CPUS), SLURM_MEMORY: "32000" };
  await using container = await startBare(engine, { ...benchId(), images, env });
  await container.run(IDLE + MANY_JOBS, signal);
  const accounted = ratesIn(await container.run(FEED, signal));
  await container.run(WITHOUT_ACCOUNTING, signal);
  return { accounted, unaccounted: ratesIn(await container.run(FEED, signal)) };
}

const cluster = await inCluster();
console.error(`cluster: ${JSON.stringify(cluster)}`);
const floor = await bare();
console.error(`bare: ${JSON.stringify(floor)}`);

const kinds = [
  ["accounted", ""],
  ["unaccounted", ", without accounting"],
] as const;
const figures = kinds.flatMap(([kind, how]) =>
  (["submitted", "started", "completed"] as const).map(
    (what): Figure => ({
      what: `jobs ${what} over ${SECONDS} s${how}`,
      unit: "jobs/s",
      value: cluster[kind][what],
      floor: { value: floor[kind][what], what: "the daemons bare in one container" },
    }),
  ),
);
report(figures, { what: "throughput", slurm: images.slurm });
