// What a cluster costs as it grows: 2 to 1000 real slurmd, packed into as few containers as 250 each allow. The time from the call to
// ready, memory, `srun hostname` on all nodes, sinfo; on the largest an array of 5000 tasks.
//
// node packages/harness/bench/scale.ts [--json] [--plot=FILE.svg]
import { writeFileSync } from "node:fs";
import { planCluster } from "@slurmlab/config-gen";
import { DEFAULT_SLURM } from "@slurmlab/images";
import { type Cluster, nodeOf } from "../src/cluster/cluster.ts";
import { nodesIdle } from "../src/cluster/ready.ts";
import { startCluster } from "../src/cluster/start.ts";
import { workersUp } from "../src/cluster/workers.ts";
import { until } from "../src/conditions/condition.ts";
import { met, pending } from "../src/conditions/probe.ts";
import { Undo } from "../src/errors/undo.ts";
import { MemoryUsed } from "./scale/memory-used.ts";
import { plot, type Size } from "./scale/plot.ts";
import { benchId } from "./support/bench-cluster.ts";
import type { Figure } from "./support/figures.ts";
import { median, timed } from "./support/measure.ts";
import { prepared } from "./support/prepared.ts";
import { report } from "./support/report.ts";

const SIZES = [2, 10, 100, 500, 1000] as const;
const LARGEST = Math.max(...SIZES);
const PACKED = 250;
/** With fewer, what else goes on on the machine is more than they are. */
const TELLING = 100;
const TASKS = 5000;

const { engine, images } = await prepared();
const sizes: Size[] = [];
let arraySeconds = Number.NaN;
for (const nodes of SIZES) {
  const size = await measured(nodes);
  sizes.push(size);
  const { ready, perNode, peak, srun, sinfo } = size;
  console.error(
    `${nodes} nodes: ready in ${ready.toFixed(1)} s, ${perNode.toFixed(1)} MB a node, ${peak.toFixed(0)} MB at most, srun ${srun.toFixed(1)} s, sinfo ${(sinfo * 1000).toFixed(0)} ms`,
  );
}

async function measured(nodes: number): Promise<Size> {
  const planned = planCluster(
    { nodes: [{ name: `n[1-${nodes}]`, roles: ["slurmd"], cpus: 1, packed: PACKED }] },
    { defaultSlurm: DEFAULT_SLURM },
  );
  if (!planned.ok) throw new Error(planned.problems[0]?.message);
  const undo = new Undo();
  const signal = AbortSignal.timeout(900_000);
  const memory = new MemoryUsed();
  try {
    let cluster: Cluster | undefined;
    const ready = await timed(async () => {
      cluster = await startCluster(engine, {
        ...{ ...benchId(), plan: planned.plan, images, undo, signal },
        onProgress: () => {},
      });
    });
    if (!cluster) throw new Error("there is no cluster");
    const perNode = memory.now() / nodes;
    const login = nodeOf(cluster, "login");
    const as = { user: planned.plan.user, signal };
    const srun = await timed(() => login.run(["srun", `--nodes=${nodes}`, "hostname"], as));
    // On a cluster at rest: what srun has started takes a while to be gone.
    await until(cluster, nodesIdle("every node to be IDLE again", workersUp(planned.plan)), {
      withinMs: 120_000,
      signal,
    });
    const asked: number[] = [];
    for (let i = 0; i < 5; i++) asked.push(await timed(() => login.run(["sinfo"], as)));
    const sinfo = median(asked);
    if (nodes === LARGEST) arraySeconds = (await timed(() => array(cluster as Cluster, signal))) / 1000;
    const peak = memory.peak();
    return { nodes, ready: ready / 1000, perNode, peak, srun: srun / 1000, sinfo: sinfo / 1000 };
  } finally {
    memory.stop();
    const left = await undo.run();
    if (left.length > 0) console.error(`left: ${left.join(", ")}`);
  }
}

/** An array of short tasks, from its submission until each of them is COMPLETED in accounting. */
async function array(cluster: Cluster, signal: AbortSignal): Promise<void> {
  const login = nodeOf(cluster, "login");
  const argv = ["sbatch", "--parsable", `--array=1-${TASKS}`, "--mem=1", "--output=/dev/null", "--wrap=true"];
  const id = (await login.run(argv, { user: cluster.plan.user, signal })).trim();
  await until(
    cluster,
    {
      title: `${TASKS} tasks to be COMPLETED in accounting`,
      at: "login",
      argv: ["bash", "-c", `sacct -a -n -X -j ${Number(id)} -o state | grep -c COMPLETED`],
      judge: ({ output }) => (Number(output) === TASKS ? met(true) : pending(`${output.trim()} of them`)),
    },
    { withinMs: 600_000, signal },
  );
}

const sizeOf = (nodes: number) => sizes.find((size) => size.nodes === nodes);
const figures: Figure[] = sizes.flatMap(({ nodes, ready, perNode, peak, srun, sinfo }) => [
  {
    what: `${nodes} nodes: from the call to ready`,
    unit: "s" as const,
    value: ready,
    ...(nodes === LARGEST
      ? {
          // No worse than in step with the number of nodes.
          floor: { value: (sizeOf(100)?.ready ?? Number.NaN) * (nodes / 100), what: "100 nodes, ten times" },
          ratioGoal: 1,
          goal: 60,
        }
      : {}),
  },
  ...(nodes < TELLING
    ? []
    : [
        { what: `${nodes} nodes: memory a node when ready`, unit: "MB" as const, value: perNode },
        {
          what: `${nodes} nodes: memory at most`,
          unit: "MB" as const,
          value: peak,
          ...(nodes === LARGEST ? { goal: 10_000 } : {}),
        },
      ]),
  { what: `${nodes} nodes: srun hostname on all`, unit: "s" as const, value: srun },
  { what: `${nodes} nodes: sinfo`, unit: "ms" as const, value: sinfo * 1000, goal: 200 },
]);
figures.push({ what: `${LARGEST} nodes: an array of ${TASKS} tasks`, unit: "s", value: arraySeconds });

const plotFile = process.argv.find((word) => word.startsWith("--plot="))?.slice("--plot=".length);
if (plotFile) writeFileSync(plotFile, plot(sizes));
report(figures, { what: "clusters that grow", slurm: images.slurm });
