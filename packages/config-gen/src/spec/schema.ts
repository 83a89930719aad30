import { z } from "zod";
import { account, priority, qos, reservation, user } from "./accounting-schema.ts";
import { GPU_DETECTIONS } from "./gpu-detection.ts";
import { node } from "./node-schema.ts";
import { downNodes, nodeSet, partition, topology } from "./partition-schema.ts";
import { powerSave, scripts } from "./script-schema.ts";
import { fileKeys, lineKeys, unixName } from "./values.ts";
import { VARIANTS } from "./variants.ts";

const licences = z.record(
  z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.@-]*$/, { error: 'expected the name of a licence such as "matlab"' }),
  z.int().min(0),
);

const fileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, {
  error: "expected the name of a file in /etc/slurm, without a folder",
});

/** ClusterName where a specification gives none. Database images have its accounting tables already. */
export const DEFAULT_CLUSTER = "lab";

/**
 * A whole cluster as data.
 *
 * Nodes that no one wrote down but that every cluster needs (ctl, dbd, db, login) are added by
 * {@link planCluster}; everything else has a default there or here.
 */
export const clusterSpecSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$/, { error: "expected up to 40 letters, digits, _, . and -" })
    .default(DEFAULT_CLUSTER)
    .meta({ description: "ClusterName" }),
  slurm: z
    .string()
    .regex(/^\d\d\.\d\d$/, { error: 'expected a Slurm release such as "24.11"' })
    .optional()
    .meta({ description: "the Slurm release" }),
  variant: z.enum(VARIANTS).optional().meta({
    description:
      "what workers and login nodes have beside Slurm: mpi, torch, jupyter, apptainer or ssh; which release has which is in docs/images.md",
  }),
  defaults: z.enum(["lab", "slurm"]).default("lab").meta({
    description:
      "where nothing is said: lab, settings that make a small cluster fast to test; slurm, nothing is written, so Slurm's own",
  }),
  auth: z.enum(["munge", "slurm"]).default("munge").meta({ description: "AuthType; slurm: Slurm 23.11+" }),
  configless: z
    .boolean()
    .default(false)
    .meta({ description: "workers fetch their configuration from slurmctld" }),
  cgroup: z
    .enum(["auto", "v1", "v2", "none"])
    .default("auto")
    .meta({ description: "which cgroup version jobs are confined with; auto: what the machine has" }),
  gpuDetection: z.enum(GPU_DETECTIONS).default("file").meta({
    description:
      "how slurmd learns of its GPUs: file, by File= in gres.conf; nvml, by AutoDetect=nvml (Slurm 22.05+, where the package has the plugin); nvidia, by AutoDetect=nvidia (24.11+); fake, by Slurm's own fake_gpus.conf",
  }),
  database: z
    .enum(["mariadb", "mysql"])
    .default("mariadb")
    .meta({ description: "the database below slurmdbd" }),
  storage: z.enum(["auto", "volume", "nfs"]).default("volume").meta({
    description:
      "what /home is shared by: a volume of the engine; an NFSv4 server in the cluster, which every node's kernel mounts; auto: NFS where the kernel can",
  }),
  nfs: z
    .strictObject({
      state: z.boolean().optional().meta({
        description: "the controllers' StateSaveLocation is on the server, too, and mounted by their kernel",
      }),
      rootSquash: z.boolean().optional().meta({
        description: "root of the nodes is nobody on /home; without it, root is root there",
      }),
    })
    .default({})
    .meta({ description: "what the NFS server does more, with storage: nfs or auto" }),
  nodes: z.array(node).min(1).meta({ description: "the machines" }),
  partitions: z
    .array(partition)
    .min(1)
    .optional()
    .meta({ description: "default: one partition, main, with every worker" }),
  nodeSets: z.array(nodeSet).default([]).meta({ description: "names for nodes, for use in partitions" }),
  downNodes: z
    .array(downNodes)
    .default([])
    .meta({ description: "nodes that are not up when the cluster starts" }),
  licenses: licences.default({}).meta({ description: "Licenses: { matlab: 10 }" }),
  topology: topology.optional(),
  accounts: z.array(account).default([]).meta({ description: "accounts of accounting" }),
  users: z.array(user).default([]).meta({ description: "users beside `user`" }),
  qos: z.array(qos).default([]).meta({ description: "qualities of service beside Slurm's own normal" }),
  reservations: z
    .array(reservation)
    .default([])
    .meta({ description: "reservations, made once the cluster is up" }),
  priority: priority.optional(),
  scripts: scripts.default({}),
  powerSave: powerSave.optional(),
  user: unixName.default("ada").meta({ description: "the ordinary user that jobs run as" }),
  gres: z.array(lineKeys).min(1).optional().meta({
    description: "the lines of gres.conf, instead of those made from the nodes' GPUs and gpuDetection",
  }),
  files: z
    .record(fileName, z.string())
    .default({})
    .meta({ description: "any other file of /etc/slurm, by name" }),
  overrides: z
    .strictObject({
      "slurm.conf": fileKeys.optional().meta({ description: "keys of slurm.conf" }),
      "slurmdbd.conf": fileKeys.optional().meta({ description: "keys of slurmdbd.conf" }),
      "cgroup.conf": fileKeys.optional().meta({ description: "keys of cgroup.conf" }),
    })
    .default({})
    .meta({
      description:
        "any key of these files, replacing what would be generated; null leaves a key out, a list repeats it",
    }),
});

/** What a person writes. */
export type ClusterSpecInput = z.input<typeof clusterSpecSchema>;
/** The same with every default filled in that does not depend on others, and memory in MiB. */
export type ClusterSpec = z.output<typeof clusterSpecSchema>;
