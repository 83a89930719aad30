// The time from the call to a cluster that is ready (slurmctld, slurmdbd, database, login and two GPU workers), and to its
// end, beside a floor of the same run: as many empty containers, and then the same daemons bare in one container.
//
// node packages/harness/bench/up.ts [--json]
import { planCluster } from "@slurmlab/config-gen";
import { DEFAULT_SLURM } from "@slurmlab/images";
import { imageOf } from "../src/cluster/node-images.ts";
import { startCluster } from "../src/cluster/start.ts";
import { Undo } from "../src/errors/undo.ts";
import { benchId } from "./support/bench-cluster.ts";
import type { Figure } from "./support/figures.ts";
import { median, timed } from "./support/measure.ts";
import { prepared } from "./support/prepared.ts";
import { report } from "./support/report.ts";
import { counted } from "./up/counted.ts";
import { bareDaemons, emptyContainers, type UpAndDown } from "./up/floors.ts";

const RUNS = 10;

const planned = planCluster(
  {
    nodes: [{ name: "g[1-2]", roles: ["slurmd"], cpus: 4, gpus: { type: "a100", count: 4 } }],
  },
  { defaultSlurm: DEFAULT_SLURM },
);
if (!planned.ok) throw new Error(planned.problems[0]?.message);
const { plan } = planned;
const { engine, images } = await prepared();

const calls = new Map<string, number>();
const empty: UpAndDown[] = [];
const bare: number[] = [];
const ups: number[] = [];
const downs: number[] = [];
// In turns, so that a slow moment of the machine meets all three.
for (let run = 1; run <= RUNS; run++) {
  const nodes = Object.fromEntries(plan.nodes.map((node) => [node.name, imageOf(images, node)]));
  empty.push(await emptyContainers(engine, { ...benchId(), images: nodes }));
  bare.push(await bareDaemons(engine, { ...benchId(), images }));
  ups.push(await wholeCluster());
  const last = [empty.at(-1)?.up, bare.at(-1), ups.at(-1)];
  console.error(
    `${run} of ${RUNS}: empty, bare, cluster ${last.map((ms) => ((ms ?? 0) / 1000).toFixed(2)).join(", ")} s`,
  );
}

async function wholeCluster(): Promise<number> {
  const undo = new Undo();
  const signal = AbortSignal.timeout(300_000);
  const counting = counted(engine);
  let up = Number.NaN;
  try {
    up = await timed(() =>
      startCluster(counting.engine, { ...benchId(), plan, images, undo, signal, onProgress: () => {} }),
    );
  } finally {
    for (const [name, times] of counting.calls) calls.set(name, (calls.get(name) ?? 0) + times / RUNS);
    let left: string[] = [];
    const down = await timed(async () => {
      left = await undo.run();
    });
    downs.push(down);
    if (left.length > 0) console.error(`left: ${left.join(", ")}`);
  }
  return up;
}

const floors = empty.map(({ up }, i) => up + (bare[i] ?? 0));
const seconds = (ms: number) => ms / 1000;
const floor = {
  value: seconds(median(floors)),
  what: `${plan.nodes.length} empty containers, and the daemons bare in one`,
};
const figures: Figure[] = [
  {
    what: `a cluster from the call to ready, median of ${RUNS}`,
    unit: "s",
    value: seconds(median(ups)),
    floor,
    ratioGoal: 1.3,
  },
  {
    what: `a cluster from the call to ready, worst of ${RUNS}`,
    unit: "s",
    value: seconds(Math.max(...ups)),
    floor,
    ratioGoal: 1.5,
  },
  {
    what: `${plan.nodes.length} empty containers`,
    unit: "s",
    value: seconds(median(empty.map(({ up }) => up))),
  },
  { what: "the daemons bare in one container", unit: "s", value: seconds(median(bare)) },
  {
    what: "a cluster from the call to gone, median",
    unit: "s",
    goal: 1,
    value: seconds(median(downs)),
    floor: { value: seconds(median(empty.map(({ down }) => down))), what: "the empty containers" },
  },
  ...[...calls]
    .sort(([, a], [, b]) => b - a)
    .map(([name, times]): Figure => ({ what: `calls of the engine: ${name}`, unit: "calls", value: times })),
];
report(figures, { what: "a cluster", slurm: images.slurm });
