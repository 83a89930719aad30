import type { Job, ScenarioContext } from "@slurmlab/harness";

/** What must not change of a running job. */
export function lifeOf({ shell }: ScenarioContext, job: Job): Promise<string> {
  const keys = "JobState|StartTime|Restarts|NodeList|BatchHost";
  return shell({
    on: "ctl",
    run: `scontrol -o show job ${job.id} | grep -oE '\\<(${keys})=\\S+' | sort`,
  });
}

/** Every job that waits, and what for. */
export function pendingJobs({ shell }: ScenarioContext): Promise<string> {
  return shell({ on: "login", run: "squeue -h -t PENDING -S i -o '%i %j %r'" });
}

/** The rows of a job that has ended, and of its steps. */
export function endedRows({ shell }: ScenarioContext, job: Job): Promise<string> {
  const columns = "JobID,JobIDRaw,JobName,User,Account,State,ExitCode,AllocCPUS,Submit,Start,End,NodeList";
  return shell({ on: "login", run: `sacct -n -P -D -j ${job.id} -o ${columns}` });
}

/** `version 26.05.5 started`: the last line of that kind in a daemon's log. */
function startedAs(shell: ScenarioContext["shell"], daemon: string, on: string): Promise<string> {
  return shell({
    on,
    run: `grep -ohE 'version [0-9.]+ started' /var/log/slurm/${daemon}.log | tail -n 1`,
  });
}

/** The release of every part, as Slurm says it: slurmctld of itself and of the nodes, slurmdbd in its log. */
export async function versionsOf({ shell }: ScenarioContext): Promise<Record<string, string>> {
  const ofNodes = await shell({ on: "ctl", run: "scontrol -o show node | grep -oE '\\<Version=\\S+'" });
  const [g1 = "", g2 = ""] = ofNodes.split("\n");
  return {
    slurmdbd: releaseIn(await startedAs(shell, "slurmdbd", "dbd")),
    slurmctld: releaseIn(await shell({ on: "ctl", run: "scontrol show config | grep SLURM_VERSION" })),
    g1: releaseIn(g1),
    g2: releaseIn(g2),
    client: releaseIn(await shell({ on: "login", run: "sbatch --version" })),
  };
}

/** `26.05` of whatever has 26.05.5 in it. */
function releaseIn(text: string): string {
  return /\b(\d\d\.\d\d)\.\d+/.exec(text)?.[1] ?? text;
}
