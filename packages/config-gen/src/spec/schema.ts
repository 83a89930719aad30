import { z } from "zod";
import { parseMemoryMb } from "../slurm/memory.ts";

/** The daemons that a node can run, under Slurm's own names; `database` is MariaDB, `login` runs none. */
export const ROLES = ["slurmctld", "slurmdbd", "database", "login", "slurmd"] as const;
export type Role = (typeof ROLES)[number];

/** Where a node's GPUs come from. */
export const GPU_MODES = ["mock", "real", "auto"] as const;
export type GpuMode = (typeof GPU_MODES)[number];

const hostName = z.string().regex(/^[a-z][a-z0-9-]*(\[[0-9,-]+\])?(,[a-z][a-z0-9-]*(\[[0-9,-]+\])?)*$/, {
  error: 'expected lower-case host names, or a hostlist such as "c[1-4]"',
});

const memory = z
  .union([z.int().min(1), z.string()], { error: 'expected memory such as "1G" or a number of MiB' })
  .transform((value, ctx) => {
    const mb = typeof value === "number" ? value : parseMemoryMb(value);
    if (mb !== undefined && mb > 0) return mb;
    ctx.addIssue({
      code: "custom",
      message: `expected memory such as "1G" or a number of MiB, seen "${value}"`,
    });
    return z.NEVER;
  });

const gpu = z
  .strictObject({
    type: z.string().regex(/^[a-z0-9_.-]+$/, { error: 'expected a GPU type such as "a100"' }),
    count: z.int().min(1).max(64),
    mode: z
      .enum(GPU_MODES)
      .default("auto")
      .meta({ description: "mock devices, the host's NVIDIA GPUs, or whichever is there" }),
  })
  .meta({ description: "GPUs of one type on each of these nodes" });

/** One line each, so that a value cannot bring in a second key. */
const overrides = z.record(
  z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/, { error: "expected a key such as SlurmdTimeout" }),
  z.union([z.string().regex(/^[^\r\n]*$/, { error: "expected a value on one line" }), z.number(), z.null()]),
);

const nodeShape = {
  name: hostName.meta({ description: 'a host name, or a hostlist such as "g[1-2]"' }),
  roles: z.array(z.enum(ROLES)).min(1),
  cpus: z
    .int()
    .min(1)
    .max(4096)
    .default(4)
    .meta({ description: "CPUs that Slurm sees; may exceed the machine's" }),
  memory: memory.prefault("1G").meta({ description: 'RealMemory, "1G" or MiB' }),
  gpus: z.union([gpu, z.array(gpu).min(1)]).optional(),
};

/**
 * A whole cluster as data.
 *
 * Nodes that no one wrote down but that every cluster needs (ctl, dbd, db, login) are added by
 * {@link planCluster}; everything else has a default here.
 */
export const clusterSpecSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9]{0,15}$/, { error: "expected up to 16 lower-case letters and digits" })
    .default("lab")
    .meta({ description: "ClusterName" }),
  slurm: z
    .string()
    .regex(/^\d\d\.\d\d$/, { error: 'expected a Slurm release such as "24.11"' })
    .optional(),
  nodes: z.array(z.strictObject(nodeShape)).min(1),
  partitions: z
    .array(
      z.strictObject({
        name: z
          .string()
          .regex(/^[A-Za-z0-9_-]+$/, { error: 'expected a partition name such as "main"' })
          .refine((name) => name.toUpperCase() !== "DEFAULT", {
            error: "DEFAULT is Slurm's template, not a partition",
          }),
        nodes: hostName,
        default: z.boolean().default(false),
      }),
    )
    .min(1)
    .optional()
    .meta({ description: "default: one partition, main, with every worker" }),
  user: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,30}$/, { error: "expected a Unix user name" })
    .default("ada")
    .meta({ description: "the ordinary user that jobs run as" }),
  overrides: z
    .strictObject({
      "slurm.conf": overrides.optional(),
      "slurmdbd.conf": overrides.optional(),
      "cgroup.conf": overrides.optional(),
    })
    .default({})
    .meta({
      description: "any key of these files, replacing what would be generated; null leaves a key out",
    }),
});

/** What a person writes. */
export type ClusterSpecInput = z.input<typeof clusterSpecSchema>;
/** The same with every default filled in and memory in MiB. */
export type ClusterSpec = z.output<typeof clusterSpecSchema>;
export type GpuSpec = z.output<typeof gpu>;
