import { z } from "zod";
import { hostlist, memory, moreKeys } from "./values.ts";

/**
 * The daemons that a node can run, under Slurm's own names; `database` is MariaDB, `login` runs none. Several nodes
 * with the role slurmctld are the primary controller and its backups, in the order written.
 */
export const ROLES = ["slurmctld", "slurmdbd", "database", "login", "slurmd", "slurmrestd", "nfs"] as const;
export type Role = (typeof ROLES)[number];

/** Where a node's GPUs come from. */
export const GPU_MODES = ["mock", "real", "auto"] as const;
export type GpuMode = (typeof GPU_MODES)[number];

const gpu = z
  .strictObject({
    type: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, { error: 'expected a GPU type such as "a100" or "1g.5gb"' })
      .meta({ description: "model, or MIG profile: a100, 1g.5gb" }),
    count: z.int().min(1).max(64).meta({ description: "how many on each of these nodes" }),
    mode: z
      .enum(GPU_MODES)
      .default("auto")
      .meta({ description: "mock devices, the host's NVIDIA GPUs, or whichever is there" }),
    typed: z
      .boolean()
      .optional()
      .meta({ description: "false: Slurm is told of the GPUs, but not of their type (Gres=gpu:4)" }),
    mps: z.int().min(1).optional().meta({
      description: "gres/mps of these GPUs together, shared evenly among them: a multiple of count",
    }),
    shards: z.int().min(1).optional().meta({
      description: "gres/shard of these GPUs together, shared evenly: a multiple of count; Slurm 22.05+",
    }),
    cores: z
      .string()
      .regex(/^\d+(-\d+)?(,\d+(-\d+)?)*$/, { error: 'expected core numbers such as "0-3" or "0,2"' })
      .optional()
      .meta({ description: "Cores= of gres.conf: the cores near to these GPUs" }),
  })
  .meta({ description: "GPUs of one type on each of these nodes" });

/** `4`, `"lustre:4"`, `"lustre:no_consume:4G"`: what follows the name in Gres=. */
const gresValue = z.union(
  [
    z.int().min(1),
    z.string().regex(/^[A-Za-z0-9_.-]+(:[A-Za-z0-9_.-]+)*(,[A-Za-z0-9_.-]+(:[A-Za-z0-9_.-]+)*)*$/, {
      error: 'expected what Gres= has after the name, such as "lustre:no_consume:4G"',
    }),
  ],
  { error: 'expected a count, or what Gres= has after the name, such as "lustre:no_consume:4G"' },
);

const gresName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, { error: "expected the name of a generic resource" })
  .refine((name) => !["gpu", "mps", "shard"].includes(name.toLowerCase()), {
    error: "gpu, mps and shard are said under gpus",
  });

const size = z.int().min(1).max(4096);

export const node = z
  .strictObject({
    name: hostlist.meta({ description: 'a host name, or a hostlist such as "g[1-2]"' }),
    roles: z
      .array(z.enum(ROLES))
      .min(1)
      .meta({ description: "what runs here; several slurmctld: the primary and its backups, in order" }),
    packed: z.int().min(2).max(1000).optional().meta({
      description:
        "so many of these nodes share one container, each a real slurmd with its own name, port, spool folder and log; workers without GPUs alone",
    }),
    cpus: size.optional().meta({
      description:
        "CPUs that Slurm sees; may exceed the machine's. Default: sockets x cores x threads, or 4 when none is given",
    }),
    sockets: size.optional().meta({ description: "Sockets; default 1" }),
    cores: size
      .optional()
      .meta({ description: "CoresPerSocket; default: what makes cpus, sockets and threads agree" }),
    threads: size.optional().meta({ description: "ThreadsPerCore; default 1" }),
    memory: memory.optional().meta({ description: 'RealMemory, "1G" or MiB; default 1G' }),
    features: z
      .array(z.string().regex(/^[A-Za-z0-9_.=-]+$/, { error: 'expected a feature such as "avx512"' }))
      .optional()
      .meta({ description: "what jobs ask for with --constraint" }),
    gpus: z
      .union([gpu, z.array(gpu).min(1)])
      .optional()
      .meta({ description: "GPUs on each of these nodes: one type, or a list of types" }),
    gres: z.record(gresName, gresValue).optional().meta({
      description: 'other generic resources: { craynetwork: 4, bandwidth: "lustre:no_consume:4G" }',
    }),
    state: z
      .string()
      .regex(/^[A-Za-z]+$/, { error: "expected a state such as cloud or future" })
      .optional()
      .meta({ description: "Slurm's State= of these nodes: cloud, future, down, drain, ..." }),
    slurm: moreKeys
      .optional()
      .meta({ description: "any other key of NodeName, as it stands: { Weight: 10, NodeAddr: ... }" }),
  })
  .meta({ description: "machines that are alike" });

export type NodeSpec = z.output<typeof node>;
export type GpuSpec = z.output<typeof gpu>;
