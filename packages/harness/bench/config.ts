// The configuration of a 10,000-node site: read, linted, imported, planned and rendered again, in a process of its own
// so that its memory is its own. The floor is a process that reads the same files and looks at every line once.
//
// node packages/harness/bench/config.ts [--json]
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  importSite,
  judgeSite,
  knowledgeOf,
  planCluster,
  readSite,
  renderBundle,
} from "@slurmlab/config-gen";
import { execa } from "execa";
import { readSiteFolder } from "../src/cli/config/site-folder.ts";
import { NO_SECRETS } from "../src/cluster/secrets.ts";
import { report } from "./support/report.ts";

const SLURM = "24.11";
const RUNS = 7;
const NODES = 10_000;
/** What the work is promised to stay under, in milliseconds and MB. */
const GOAL = { ms: 300, mb: 200 };

interface Sample {
  readonly ms: number;
  /** Peak resident set of the process, node itself included. */
  readonly mb: number;
}

if (process.argv[2] === "work") print(work(process.argv[3] ?? ""));
else if (process.argv[2] === "floor") print(floor(process.argv[3] ?? ""));
else await compare();

function work(folder: string): Sample {
  const start = performance.now();
  const { files } = readSiteFolder(folder);
  const knowledge = knowledgeOf(SLURM);
  const { site } = readSite(files, SLURM);
  if (!site || !knowledge) throw new Error("the site cannot be read");
  const problems = judgeSite(site, knowledge);
  if (problems.length > 0) throw new Error(`lint has something to say: ${problems[0]?.message}`);
  const planned = planCluster(importSite(site).spec, { defaultSlurm: SLURM });
  if (!planned.ok) throw new Error(planned.problems[0]?.message);
  const bundle = renderBundle(planned.plan, { cgroup: "v2", gpus: {} }, NO_SECRETS);
  if (!bundle.some((file) => file.path.endsWith("slurm.conf"))) throw new Error("no slurm.conf was rendered");
  return sample(start);
}

function floor(folder: string): Sample {
  const start = performance.now();
  let words = 0;
  for (const name of ["slurm.conf", "gres.conf", "topology.conf"]) {
    for (const line of readFileSync(join(folder, name), "utf8").split("\n")) words += line.split(" ").length;
  }
  if (words < NODES) throw new Error("the site is not there");
  return sample(start);
}

function sample(start: number): Sample {
  return { ms: performance.now() - start, mb: process.resourceUsage().maxRSS / 1024 };
}

function print(value: Sample): void {
  process.stdout.write(JSON.stringify(value));
}

async function compare(): Promise<void> {
  const folder = writeSite();
  try {
    const samples: Record<"work" | "floor", Sample[]> = { work: [], floor: [] };
    // In turns, so that a slow moment of the machine meets both.
    for (let i = 0; i < RUNS; i++) {
      for (const kind of ["floor", "work"] as const) {
        const { stdout } = await execa(process.execPath, [import.meta.filename, kind, folder]);
        samples[kind].push(JSON.parse(stdout) as Sample);
      }
    }
    const [ms, floorMs] = [median(samples.work, "ms"), median(samples.floor, "ms")];
    const [mb, floorMb] = [median(samples.work, "mb"), median(samples.floor, "mb")];
    const floor = { what: "a process that looks at every line once" };
    report(
      [
        {
          what: `a site of ${NODES} nodes: import, lint, render, median of ${RUNS}`,
          unit: "ms",
          value: ms,
          goal: GOAL.ms,
          floor: { ...floor, value: floorMs },
        },
        {
          what: "the same, memory",
          unit: "MB",
          value: mb,
          goal: GOAL.mb,
          floor: { ...floor, value: floorMb },
        },
      ],
      { what: "configuration", slurm: SLURM },
    );
  } finally {
    if (!process.env.KEEP) rmSync(folder, { recursive: true, force: true });
    else console.log(folder);
  }
}

function median(samples: readonly Sample[], key: keyof Sample): number {
  return samples.map((each) => each[key]).sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? Number.NaN;
}

/** Half of the nodes on a line each, as tools write them, half in hostlists, as people do. */
function writeSite(): string {
  const folder = mkdtempSync(join(tmpdir(), "slurmlab-bench-"));
  const half = NODES / 2;
  const nodes = Array.from(
    { length: half },
    (_, i) =>
      `NodeName=c${String(i + 1).padStart(5, "0")} CPUs=128 Sockets=2 CoresPerSocket=64 ThreadsPerCore=1 RealMemory=515000 Features=milan,ib Weight=${10 + (i % 7)} State=UNKNOWN`,
  );
  const racks = Array.from(
    { length: half / 50 },
    (_, i) =>
      `NodeName=g[${i * 50 + 1}-${i * 50 + 50}] CPUs=64 Sockets=2 CoresPerSocket=32 ThreadsPerCore=1 RealMemory=1030000 Gres=gpu:a100:4 Features=rome,a100`,
  );
  const switches = Array.from(
    { length: half / 50 },
    (_, i) =>
      `SwitchName=s${i} Nodes=c[${String(i * 50 + 1).padStart(5, "0")}-${String(i * 50 + 50).padStart(5, "0")}],g[${i * 50 + 1}-${i * 50 + 50}]`,
  );
  const files = {
    "slurm.conf": [
      "ClusterName=bench",
      "SlurmctldHost=ctl",
      "SlurmUser=slurm",
      "SelectType=select/cons_tres",
      "SelectTypeParameters=CR_Core_Memory",
      "GresTypes=gpu",
      "TopologyPlugin=topology/tree",
      "AccountingStorageType=accounting_storage/slurmdbd",
      "AccountingStorageHost=dbd",
      "PriorityType=priority/multifactor",
      "SchedulerParameters=bf_continue,bf_window=10080",
      "StateSaveLocation=/shared/state",
      ...nodes,
      ...racks,
      `PartitionName=batch Nodes=c[00001-${String(half).padStart(5, "0")}] Default=YES MaxTime=2-0`,
      `PartitionName=gpu Nodes=g[1-${half}] MaxTime=1-0`,
      "PartitionName=all Nodes=ALL MaxTime=60",
      "",
    ].join("\n"),
    "gres.conf": `NodeName=g[1-${half}] Name=gpu Type=a100 File=/dev/nvidia[0-3]\n`,
    "topology.conf": [...switches, `SwitchName=top Switches=s[0-${half / 50 - 1}]`, ""].join("\n"),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}
