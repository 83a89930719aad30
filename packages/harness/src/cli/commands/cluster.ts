import { compressHostlist, nearest } from "@slurmlab/config-gen";
import type { Command } from "commander";
import { type FoundCluster, listClusters, removeCluster, sweep } from "../../cluster/sweep.ts";
import { lookForEngine } from "../../engine/find.ts";
import { LABEL } from "../../engine/labels.ts";
import { EXIT, LabError } from "../../errors/lab-error.ts";
import { terminal } from "../terminal.ts";

export function clusterCommand(program: Command, setExit: (code: number) => void): void {
  const cluster = program.command("cluster").description("list and remove clusters");
  cluster
    .command("list")
    .description("list every cluster in the engine; what dead runs left behind is removed first")
    .option("--json", "print JSON")
    .action(async (options: { json?: boolean }) => setExit(await list(options)));
  cluster
    .command("down")
    .description("remove clusters and everything that belongs to them")
    .argument("[ids...]", "as `pnpm cluster list` prints them")
    .option("--all", "every cluster, those of running scenarios too")
    .addHelpText("after", "\nExamples:\n  pnpm cluster down gpu-job-k3f9x2\n  pnpm cluster down --all")
    .action(async (ids: string[], options: { all?: boolean }) => setExit(await down(ids, options)));
}

async function list(options: { json?: boolean }): Promise<number> {
  const out = terminal(options);
  const found = await lookForEngine(process.env);
  if (!found) {
    out.print(options.json ? "[]" : "no clusters: no container engine runs");
    return EXIT.ok;
  }
  const swept = await sweep(found.engine);
  for (const gone of swept.removed) out.note(`removed what a dead run left behind: ${gone.id}`);
  const clusters = await listClusters(found.engine);
  if (options.json) out.print(JSON.stringify(clusters.map(summary), null, 2));
  else out.print(clusters.length === 0 ? "no clusters" : clusters.map(describe).join("\n"));
  for (const failure of swept.failures) out.note(`could not be removed: ${failure}`);
  return swept.failures.length > 0 ? EXIT.broken : EXIT.ok;
}

async function down(ids: readonly string[], options: { all?: boolean }): Promise<number> {
  const out = terminal({});
  if (ids.length === 0 && !options.all) {
    throw new LabError({
      kind: "bad-input",
      message: "which cluster?",
      hint: "name one (`pnpm cluster list`), or give --all",
    });
  }
  const found = await lookForEngine(process.env);
  const clusters = found ? await listClusters(found.engine) : [];
  const unknown = ids.find((id) => !clusters.some((cluster) => cluster.id === id));
  if (unknown !== undefined) {
    const known = clusters.map((cluster) => cluster.id);
    const near = nearest(unknown, known);
    throw new LabError({
      kind: "bad-input",
      message: `no cluster "${unknown}"`,
      expected: known.join(", ") || "there are none",
      ...(near ? { hint: `did you mean "${near}"?` } : {}),
    });
  }
  if (!found) return EXIT.ok;
  const failures: string[] = [];
  for (const cluster of clusters.filter((each) => options.all || ids.includes(each.id))) {
    failures.push(...(await removeCluster(found.engine, cluster)));
    out.print(`removed ${cluster.id}`);
  }
  for (const failure of failures) out.note(`could not be removed: ${failure}`);
  return failures.length > 0 ? EXIT.broken : EXIT.ok;
}

function summary(cluster: FoundCluster) {
  const nodes = cluster.parts.filter((part) => part.kind === "container");
  return {
    id: cluster.id,
    state: cluster.state,
    slurm: cluster.slurm,
    scenario: cluster.scenario,
    created: cluster.created,
    nodes: nodes.map((node) => ({
      name: node.labels[LABEL.node] ?? node.name,
      container: node.name,
      state: node.state,
    })),
  };
}

function describe(cluster: FoundCluster): string {
  const { id, state, slurm, nodes, created } = summary(cluster);
  const names = nodes.map((node) => node.name).sort();
  return `${id}  Slurm ${slurm}  ${state}  ${names.length > 0 ? compressHostlist(names) : "no nodes"}  since ${created}`;
}
