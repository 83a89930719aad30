import { compressHostlist, PRESETS } from "@slurmlab/config-gen";
import { CATALOG } from "@slurmlab/images";
import { DAEMONS } from "../../cluster/roles.ts";
import { type FoundCluster, listClusters } from "../../cluster/sweep.ts";
import { lookForEngine } from "../../engine/find.ts";
import { FAULTS } from "../../faults/index.ts";
import { scenarioNames } from "../../scenario/load.ts";
import { VERBS } from "../../verbs/index.ts";
import { nodesOf } from "../cluster/found.ts";
import { SCENARIO_FOLDER } from "../project.ts";

/** What an argument or an option can be, by its name as help prints it; `command` is what stands before it. */
export type Values = (name: string, command: string) => readonly string[];

/** The values that are known on this machine. The engine is asked where clusters or their nodes are wanted, and never started. */
export async function knownValues(words: readonly string[]): Promise<Values> {
  const asksForClusters = words[0] === "cluster";
  const clusters = asksForClusters ? await runningClusters() : [];
  const ids = clusters.flatMap(({ id, name }) => (name ? [name, id] : [id]));
  const scenarios = scenarioNames(SCENARIO_FOLDER);
  const byName: Readonly<Record<string, readonly string[]>> = {
    scenario: scenarios,
    scenarios,
    spec: Object.keys(PRESETS),
    a: Object.keys(PRESETS),
    b: Object.keys(PRESETS),
    id: ids,
    ids,
    "--cluster": ids,
    node: clusters.flatMap((cluster) => nodesOf(cluster).map(({ name }) => name)),
    workers: clusters.flatMap((cluster) => compressHostlist(workersIn(cluster)) || []),
    "--like": clusters.flatMap(workersIn),
    daemon: DAEMONS,
    "--slurm": CATALOG.map(({ slurm }) => slurm),
  };
  return (name, command) => {
    if (command === "scenario" && name === "name") return scenarios;
    if (command === "scenario docs") return [...VERBS, ...FAULTS].map((each) => each.name);
    if (command === "scenario" && name === "--slurm") return [...(byName[name] ?? []), "all"];
    return byName[name] ?? [];
  };
}

function workersIn(cluster: FoundCluster): string[] {
  const workers = nodesOf(cluster).filter(({ roles }) => roles.includes("slurmd"));
  return workers.flatMap(({ name, packed }) => (packed.length > 0 ? packed : [name]));
}

async function runningClusters() {
  try {
    const found = await lookForEngine(process.env);
    return found ? await listClusters(found.engine) : [];
  } catch {
    // Whoever presses Tab is no help with an engine that does not answer.
    return [];
  }
}
