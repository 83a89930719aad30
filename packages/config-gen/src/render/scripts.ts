import type { Role } from "../spec/node-schema.ts";
import type { ClusterPlan } from "../spec/planned.ts";
import type { ScriptName } from "../spec/script-schema.ts";
import { PATHS } from "./paths.ts";

interface Script {
  /** The key of slurm.conf. */
  readonly key: string;
  readonly value: string;
  readonly path: string;
  /** Where it runs. */
  readonly roles: readonly Role[];
}

/** Controllers and nodes call programs, and so does srun, wherever it is. */
const CALLERS: readonly Role[] = ["slurmctld", "slurmd", "login"];

function program(key: string) {
  return (name: ScriptName): Script => {
    const path = `${PATHS.scripts}/${name}`;
    return { key, value: path, path, roles: CALLERS };
  };
}

/** Slurm looks for these by name next to slurm.conf. */
function lua(key: string, file: string, roles: readonly Role[]) {
  return (): Script => ({ key, value: "lua", path: `${PATHS.folder}/${file}`, roles });
}

const SCRIPTS: Readonly<Record<ScriptName, (name: ScriptName) => Script>> = {
  prolog: program("Prolog"),
  epilog: program("Epilog"),
  taskProlog: program("TaskProlog"),
  taskEpilog: program("TaskEpilog"),
  prologSlurmctld: program("PrologSlurmctld"),
  epilogSlurmctld: program("EpilogSlurmctld"),
  srunProlog: program("SrunProlog"),
  srunEpilog: program("SrunEpilog"),
  healthCheck: program("HealthCheckProgram"),
  unkillableStep: program("UnkillableStepProgram"),
  mail: program("MailProg"),
  reboot: program("RebootProgram"),
  resume: program("ResumeProgram"),
  resumeFail: program("ResumeFailProgram"),
  suspend: program("SuspendProgram"),
  jobSubmit: lua("JobSubmitPlugins", "job_submit.lua", ["slurmctld"]),
  cliFilter: lua("CliFilterPlugins", "cli_filter.lua", CALLERS),
};

/** Every script of the plan with its place and its text, which a program without a `#!` line gets for /bin/sh. */
export function scriptsOf(
  plan: Pick<ClusterPlan, "scripts">,
): Array<Script & { name: ScriptName; text: string }> {
  return (Object.keys(SCRIPTS) as ScriptName[]).flatMap((name) => {
    const given = plan.scripts[name];
    if (given === undefined) return [];
    const script = SCRIPTS[name](name);
    const text = given.startsWith("#!") || script.path.endsWith(".lua") ? given : `#!/bin/sh\n${given}`;
    return [{ ...script, name, text: text.endsWith("\n") ? text : `${text}\n` }];
  });
}
