import {
  type ClusterPlan,
  compressHostlist,
  type GpuMode,
  type Ground,
  renderBundle,
} from "@slurmlab/config-gen";
import type { ImageSet } from "@slurmlab/images";
import type { InRelease } from "../cluster/container-spec.ts";
import { filesFor } from "../cluster/files.ts";
import { decideGpus } from "../cluster/gpus.ts";
import { cgroupFor } from "../cluster/ground.ts";
import { imageOf, imageRolesOf, upgradeImageRolesOf } from "../cluster/node-images.ts";
import { partsOf } from "../cluster/roles.ts";
import { NO_SECRETS } from "../cluster/secrets.ts";
import type { LoadedScenario } from "../scenario/load.ts";

/** The plan with its GPUs from elsewhere than it says, when `mode` is given. */
export function withGpuMode(plan: ClusterPlan, mode: GpuMode | undefined): ClusterPlan {
  if (!mode) return plan;
  const nodes = plan.nodes.map((node) => ({ ...node, gpus: node.gpus.map((gpu) => ({ ...gpu, mode })) }));
  return { ...plan, nodes };
}

/** Stands in for what only a running engine can tell: what the release can use, GPUs as the mock would number them. */
export function assumedGround(plan: ClusterPlan, cgroup: Ground["cgroup"]): Ground {
  const mock = {
    mockGpus: { major: 0 },
    hostGpus: [],
    realGpus: { why: "not looked for" },
    undetectable: {},
  };
  return {
    cgroup: cgroupFor(plan.slurm, cgroup),
    gpus: decideGpus(withGpuMode(plan, "mock"), mock)?.gpus ?? {},
  };
}

/** What a run would make, as data. `upgrades`: what its steps would upgrade to. */
export function planAsJson(
  scenario: LoadedScenario,
  plan: ClusterPlan,
  images: ImageSet,
  upgrades: readonly InRelease[] = [],
) {
  const bundle = renderBundle(plan, assumedGround(plan, "none"), NO_SECRETS);
  return {
    scenario: scenario.name,
    title: scenario.title,
    slurm: images.slurm,
    nodes: plan.nodes.map((node) => ({
      name: node.name,
      roles: node.roles,
      daemons: partsOf(node.roles, plan).daemons.map((daemon) => daemon.name),
      cpus: node.cpus,
      memoryMb: node.memoryMb,
      gpus: node.gpus,
      image: imageOf(images, node),
      files: filesFor(node, bundle).map((file) => file.path),
    })),
    partitions: plan.partitions,
    images: [
      ...imageRolesOf(plan).map((role) => images.tags[role]),
      ...upgrades.flatMap((to) => upgradeImageRolesOf(to.plan).map((role) => to.images.tags[role])),
    ],
    upgradesTo: upgrades.map((to) => to.images.slurm),
  };
}

/** The same for a person. */
export function formatPlan(...parts: Parameters<typeof planAsJson>): string {
  const data = planAsJson(...parts);
  const width = Math.max(...data.nodes.map((node) => node.name.length)) + 2;
  return [
    `${data.scenario}: ${data.title}`,
    `Slurm ${[data.slurm, ...data.upgradesTo].join(", upgraded to ")}; nothing was started`,
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
