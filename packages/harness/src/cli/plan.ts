import { type ClusterPlan, compressHostlist, renderBundle } from "@slurmlab/config-gen";
import type { ImageSet } from "@slurmlab/images";
import { filesFor } from "../cluster/files.ts";
import { partsOf } from "../cluster/roles.ts";
import type { LoadedScenario } from "../scenario/load.ts";

/** Stands in for what only a running engine can tell; the names of files do not depend on it. */
const UNKNOWN_GROUND = (plan: ClusterPlan) => ({
  cgroup: "none" as const,
  gpus: Object.fromEntries(
    plan.nodes
      .filter((node) => node.gpus.length > 0)
      .map((node) => [node.name, node.gpus.map((gpu) => ({ type: gpu.type, minors: [0] }))]),
  ),
});
const NO_SECRETS = { mungeKey: new Uint8Array(), jwtKey: new Uint8Array(), databasePassword: "none" };

/** What a run would make, as data. */
export function planAsJson(scenario: LoadedScenario, plan: ClusterPlan, images: ImageSet) {
  const bundle = renderBundle(plan, UNKNOWN_GROUND(plan), NO_SECRETS);
  return {
    scenario: scenario.name,
    title: scenario.title,
    slurm: plan.slurm,
    nodes: plan.nodes.map((node) => ({
      name: node.name,
      roles: node.roles,
      daemons: partsOf(node.roles).daemons.map((daemon) => daemon.name),
      cpus: node.cpus,
      memoryMb: node.memoryMb,
      gpus: node.gpus,
      image: images[partsOf(node.roles).image].tag,
      files: filesFor(node, bundle).map((file) => file.path),
    })),
    partitions: plan.partitions,
    images: [images.base.tag, images.mockgpu.tag, images.db.tag, images.slurm.tag],
  };
}

/** The same for a person. */
export function formatPlan(scenario: LoadedScenario, plan: ClusterPlan, images: ImageSet): string {
  const data = planAsJson(scenario, plan, images);
  const width = Math.max(...data.nodes.map((node) => node.name.length)) + 2;
  return [
    `${data.scenario}: ${data.title}`,
    `Slurm ${data.slurm}; nothing was started`,
    "",
    "nodes",
    ...data.nodes.flatMap((node) => {
      const gpus = node.gpus.map((gpu) => `${gpu.count} × ${gpu.type} (${gpu.mode})`).join(", ");
      const size = node.roles.includes("slurmd")
        ? `, ${node.cpus} CPUs, ${node.memoryMb} MiB${gpus ? `, GPUs: ${gpus}` : ""}`
        : "";
      return [
        `  ${node.name.padEnd(width)}${node.daemons.join(", ")}${size}`,
        `  ${" ".repeat(width)}${node.files.join(" ") || "no files"}`,
      ];
    }),
    "",
    "partitions",
    ...data.partitions.map(
      (partition) =>
        `  ${partition.name}: ${compressHostlist(partition.nodes)}${partition.default ? " (default)" : ""}`,
    ),
    "",
    "images",
    ...data.images.map((tag) => `  ${tag}`),
  ].join("\n");
}
