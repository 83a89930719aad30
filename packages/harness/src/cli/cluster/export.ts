import { buffer } from "node:stream/consumers";
import { accountingCommands, type ClusterPlan, type ConfigFile, renderBundle } from "@slurmlab/config-gen";
import type { ImageSet, LayerWishes } from "@slurmlab/images";
import { stringify } from "yaml";
import { composeProject } from "../../cluster/compose.ts";
import { decideGpus } from "../../cluster/gpus.ts";
import type { Facts } from "../../cluster/ground.ts";
import { newSecrets } from "../../cluster/secrets.ts";
import { checkStartable } from "../../cluster/startable.ts";
import { decideStorage } from "../../cluster/storage.ts";
import { EXIT, LabError } from "../../errors/lab-error.ts";
import { loadSpec } from "../config/spec-file.ts";
import { writeFolder } from "../config/write-folder.ts";
import { buildCommand } from "../images/wanted.ts";
import { imagesOf } from "../scenario/planned-run.ts";
import { inQuotes, quoted } from "../shell-word.ts";
import { terminal } from "../terminal.ts";

export interface ExportOptions extends LayerWishes {
  readonly slurm?: string;
  readonly out: string;
  readonly force?: boolean;
  readonly cgroup: "v1" | "v2" | "none";
}

/** `cluster export`: a folder with which `docker compose up` starts the cluster, without slurmlab. */
export async function exportCompose(wanted: string, options: ExportOptions): Promise<number> {
  const { plan: asked, release, compiled } = loadSpec(wanted, options);
  checkStartable(asked);
  const noNfs = "a Compose file is for kernels without NFS, too";
  const plan = decideStorage(asked, asked.storage === "auto" ? { noNfs } : {}, terminal({}).note);
  refuseQosOfPartition(plan);
  const images = await imagesOf({ plan, release, compiled });
  const files = await composeFiles(plan, images, options.cgroup);
  const written = writeFolder(options.out, files, options.force ?? false);
  const out = terminal({});
  out.note(`wrote ${written.length} files to ${options.out}; keys and passwords are in the archives`);
  const builds = images.layer ? [buildCommand(bare(images)), buildCommand(images)] : [buildCommand(images)];
  out.print(
    [
      ...builds.map((command) => `${command}  # once`),
      `docker compose --project-directory ${quoted(options.out)} up --detach`,
    ].join("\n"),
  );
  return EXIT.ok;
}

/** slurmctld ends on a partition whose QOS accounting does not have yet, and one of 26.05 does not start again after that. */
function refuseQosOfPartition({ partitions }: ClusterPlan): void {
  const partition = partitions.find(({ slurm }) => Object.keys(slurm).some((key) => /^qos$/i.test(key)));
  if (!partition) return;
  throw new LabError({
    kind: "bad-input",
    message: `the partition ${partition.name} has a QOS, which has to be in accounting before slurmctld starts`,
    expected: "partitions without QOS: nothing fills accounting when docker compose starts a cluster",
    hint: "give it to the accounts or users in place of the partition",
  });
}

/** The images below all layers: what the roles without a layer have. */
function bare(images: ImageSet): ImageSet {
  return images.layer ? bare(images.layer.plain) : images;
}

/** All files of the folder. */
export async function composeFiles(
  plan: ClusterPlan,
  images: ImageSet,
  cgroup: Facts["cgroup"],
): Promise<ConfigFile[]> {
  const facts = assumedFacts(cgroup);
  const gpus = decideGpus(plan, facts);
  const bundle = renderBundle(plan, { cgroup, gpus: gpus?.gpus ?? {} }, newSecrets());
  const { project, archives } = composeProject(plan, { plan, images, bundle }, { facts, gpus });
  const open = { owner: "root:root", mode: 0o644, secret: false, roles: "all" as const };
  const tars = [...archives].map(async ([name, tar]): Promise<ConfigFile> => {
    const content = await buffer(tar);
    return { ...open, path: `/${name}.tar`, content, secret: true, mode: 0o600 };
  });
  const commands = accountingCommands(plan);
  return [
    {
      ...open,
      path: "/compose.yaml",
      // Compose would put variables of whoever runs it in place of what begins with a dollar.
      content: `${HEAD}${stringify(project, { aliasDuplicateObjects: false }).replaceAll("$", () => "$$")}`,
    },
    ...(commands.length > 0
      ? [{ ...open, path: "/accounting.sh", mode: 0o755, content: script(plan, commands) }]
      : []),
    ...(await Promise.all(tars)),
  ];
}

const HEAD = `# A Slurm cluster, written by slurmlab, which it does not need any more. Each node's files are in its archive.
#
#   docker compose up --detach
#   docker compose exec login sinfo
#   docker compose exec --user ada login srun hostname
#   docker compose down --volumes
`;

/** What fills accounting, once slurmdbd answers. */
function script(plan: ClusterPlan, commands: ReadonlyArray<readonly string[]>): string {
  const node = plan.nodes.find(({ roles }) => roles.includes("slurmdbd"))?.name ?? "dbd";
  const lines = commands.map(
    (argv) => `docker compose exec ${node} sacctmgr ${argv.map(inQuotes).join(" ")}`,
  );
  return `#!/bin/sh\n# Accounts, users and QOS, once the cluster is up.\nset -eu\ncd "$(dirname "$0")"\n${lines.join("\n")}\n`;
}

/** What the machine that it will run on is taken to be like: slurmlab's own clusters look for it. */
function assumedFacts(cgroup: Facts["cgroup"]): Facts {
  return {
    cgroup,
    cgroupWhy: "",
    // The driver's own, where no driver is loaded.
    mockGpus: { major: 195 },
    undetectable: {},
    hostGpus: [],
    realGpus: { why: "a Compose file is written for mock GPUs alone" },
  };
}
