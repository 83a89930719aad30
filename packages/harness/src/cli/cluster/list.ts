import { compressHostlist } from "@slurmlab/config-gen";
import { type FoundCluster, listClusters, sweep } from "../../cluster/sweep.ts";
import { lookForEngine } from "../../engine/find.ts";
import { LABEL } from "../../engine/labels.ts";
import { EXIT } from "../../errors/lab-error.ts";
import { terminal } from "../terminal.ts";

export async function list(options: { json?: boolean }): Promise<number> {
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

function summary(cluster: FoundCluster) {
  const nodes = cluster.parts.filter((part) => part.kind === "container" && part.labels[LABEL.node]);
  return {
    id: cluster.id,
    ...(cluster.name ? { name: cluster.name } : {}),
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
  const { id, name, state, slurm, nodes, created } = summary(cluster);
  const names = nodes.map((node) => node.name).sort();
  return `${id}${name ? `  (${name})` : ""}  Slurm ${slurm}  ${state}  ${names.length > 0 ? compressHostlist(names) : "no nodes"}  since ${created}`;
}
