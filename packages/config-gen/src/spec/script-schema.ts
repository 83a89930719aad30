import { z } from "zod";
import { entityName, hostlist, seconds } from "./values.ts";

const text = z.string().min(1);

/** Programs that Slurm calls. A text without a `#!` line is run by /bin/sh. */
export const scripts = z
  .strictObject({
    prolog: text.optional().meta({ description: "Prolog: as root on a node, before a job's first step" }),
    epilog: text.optional().meta({ description: "Epilog: as root on a node, after a job" }),
    taskProlog: text.optional().meta({ description: "TaskProlog: as the user, before each task" }),
    taskEpilog: text.optional().meta({ description: "TaskEpilog: as the user, after each task" }),
    prologSlurmctld: text.optional().meta({ description: "PrologSlurmctld: on the controller" }),
    epilogSlurmctld: text.optional().meta({ description: "EpilogSlurmctld: on the controller" }),
    srunProlog: text.optional().meta({ description: "SrunProlog: where srun runs, before the step" }),
    srunEpilog: text.optional().meta({ description: "SrunEpilog: where srun runs, after the step" }),
    healthCheck: text.optional().meta({ description: "HealthCheckProgram: on each node, now and then" }),
    unkillableStep: text
      .optional()
      .meta({ description: "UnkillableStepProgram: on a node, when a step's processes cannot be killed" }),
    mail: text.optional().meta({ description: "MailProg: on the controller, instead of no mail" }),
    reboot: text.optional().meta({ description: "RebootProgram: on a node, for scontrol reboot" }),
    resume: text.optional().meta({ description: "ResumeProgram: on the controller, to power nodes up" }),
    resumeFail: text
      .optional()
      .meta({ description: "ResumeFailProgram: on the controller, when nodes did not come up" }),
    suspend: text.optional().meta({ description: "SuspendProgram: on the controller, to power nodes down" }),
    jobSubmit: text.optional().meta({ description: "job_submit.lua, in Lua: JobSubmitPlugins=lua" }),
    cliFilter: text.optional().meta({ description: "cli_filter.lua, in Lua: CliFilterPlugins=lua" }),
  })
  .meta({ description: "programs that Slurm calls, as text" });

/** Every script by its name in the specification. */
export type ScriptName = keyof z.output<typeof scripts>;

export const powerSave = z
  .strictObject({
    suspendTime: seconds.meta({ description: "SuspendTime: seconds idle before a node is powered down" }),
    suspendTimeout: seconds
      .optional()
      .meta({ description: "SuspendTimeout: seconds until it is down and may be resumed" }),
    resumeTimeout: seconds
      .optional()
      .meta({ description: "ResumeTimeout: seconds until it must have registered" }),
    suspendRate: z.int().min(0).optional().meta({ description: "SuspendRate: nodes a minute" }),
    resumeRate: z.int().min(0).optional().meta({ description: "ResumeRate: nodes a minute" }),
    excludeNodes: hostlist.optional().meta({ description: "SuspendExcNodes: never powered down" }),
    excludePartitions: z
      .array(entityName)
      .optional()
      .meta({ description: "SuspendExcParts: partitions whose nodes are never powered down" }),
  })
  .meta({ description: "nodes that are powered down when idle; needs scripts.suspend and scripts.resume" });
