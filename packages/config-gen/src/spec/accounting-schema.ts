import { z } from "zod";
import { accountingName, entityName, hostlist, limits, moreKeys, slurmTime, unixName } from "./values.ts";

const LIMITS = { description: "sacctmgr's limits by name: { MaxJobs: 4, GrpTRES: cpu=64 }" };

export const account = z
  .strictObject({
    name: accountingName.meta({ description: "account, in lower case as sacctmgr keeps it" }),
    parent: accountingName.optional().meta({ description: "the account above; root unless said otherwise" }),
    fairshare: z
      .union([z.int().min(0), z.literal("parent")], { error: 'expected shares, or "parent"' })
      .optional()
      .meta({ description: "Fairshare: shares among its neighbours" }),
    limits: limits.optional().meta(LIMITS),
    users: z.array(unixName).optional().meta({ description: "who may use it" }),
  })
  .meta({ description: "an account of accounting" });

const ADMIN_LEVELS = ["none", "operator", "administrator"] as const;

export const user = z
  .strictObject({
    name: unixName.meta({ description: "a user of Slurm and of the machines" }),
    defaultAccount: accountingName
      .optional()
      .meta({ description: "the first account that names the user, unless said otherwise" }),
    admin: z.enum(ADMIN_LEVELS).optional().meta({ description: "AdminLevel" }),
    qos: z
      .array(accountingName)
      .min(1)
      .optional()
      .meta({ description: "QOS that the user may use, the first one by default" }),
    limits: limits.optional().meta(LIMITS),
  })
  .meta({ description: "a user; also made on every machine where jobs start or run" });

export const qos = z
  .strictObject({
    name: accountingName.meta({ description: "QOS, in lower case as sacctmgr keeps it" }),
    priority: z.int().min(0).optional().meta({ description: "Priority" }),
    preempt: z.array(accountingName).optional().meta({ description: "QOS whose jobs it may preempt" }),
    limits: limits.optional().meta(LIMITS),
    flags: z
      .array(z.string().regex(/^[A-Za-z]+$/, { error: "expected a flag such as DenyOnLimit" }))
      .optional()
      .meta({ description: "Flags: DenyOnLimit, NoReserve, ..." }),
  })
  .meta({ description: "a quality of service" });

export const reservation = z
  .strictObject({
    name: entityName.meta({ description: "ReservationName" }),
    nodes: hostlist.optional().meta({ description: "Nodes: a hostlist or ALL" }),
    nodeCount: z.int().min(1).optional().meta({ description: "NodeCnt: how many, chosen by Slurm" }),
    users: z
      .array(unixName.or(z.literal("root")))
      .optional()
      .meta({ description: "who may use it" }),
    accounts: z.array(accountingName).optional().meta({ description: "accounts that may use it" }),
    start: z
      .string()
      .regex(/^[A-Za-z0-9:+/.-]+$/, { error: 'expected a time such as "now" or "2030-01-01T00:00:00"' })
      .default("now")
      .meta({ description: "StartTime" }),
    duration: slurmTime.meta({ description: "Duration: minutes, or days-hours:minutes:seconds" }),
    flags: z
      .array(z.string().regex(/^[A-Za-z_+-]+$/, { error: "expected a flag such as MAINT" }))
      .optional()
      .meta({ description: "Flags: MAINT, IGNORE_JOBS, ..." }),
    slurm: moreKeys
      .optional()
      .meta({ description: "any other key of scontrol create reservation: { PartitionName: main }" }),
  })
  .meta({ description: "a reservation, made once the cluster is up" });

const weight = z.int().min(0).optional();

export const priority = z
  .strictObject({
    type: z
      .enum(["basic", "multifactor"])
      .optional()
      .meta({ description: "PriorityType; multifactor unless said otherwise" }),
    weights: z
      .strictObject({
        age: weight.meta({ description: "PriorityWeightAge" }),
        fairshare: weight.meta({ description: "PriorityWeightFairshare" }),
        jobSize: weight.meta({ description: "PriorityWeightJobSize" }),
        partition: weight.meta({ description: "PriorityWeightPartition" }),
        qos: weight.meta({ description: "PriorityWeightQOS" }),
        tres: z
          .string()
          .regex(/^[A-Za-z0-9/:_.-]+=\d+(,[A-Za-z0-9/:_.-]+=\d+)*$/, {
            error: 'expected weights such as "CPU=1000,Mem=2000"',
          })
          .optional()
          .meta({ description: "PriorityWeightTRES" }),
      })
      .optional()
      .meta({ description: "PriorityWeight...: what counts, and how much" }),
    decayHalfLife: slurmTime.optional().meta({ description: "PriorityDecayHalfLife" }),
    calcPeriod: slurmTime.optional().meta({ description: "PriorityCalcPeriod; one minute is the floor" }),
    maxAge: slurmTime.optional().meta({ description: "PriorityMaxAge" }),
    usageResetPeriod: z
      .enum(["NONE", "NOW", "DAILY", "WEEKLY", "MONTHLY", "QUARTERLY", "YEARLY"])
      .optional()
      .meta({ description: "PriorityUsageResetPeriod" }),
    favorSmall: z.boolean().optional().meta({ description: "PriorityFavorSmall" }),
    flags: z
      .array(z.string().regex(/^[A-Z_]+$/, { error: "expected a flag such as ACCRUE_ALWAYS" }))
      .optional()
      .meta({ description: "PriorityFlags" }),
  })
  .meta({ description: "how pending jobs are ordered" });
