import { type Job, type ScenarioContext, scenario } from "@slurmlab/harness";
import { endedRows, lifeOf, pendingJobs, versionsOf } from "./support/upgrade-facts.ts";

/** What convert_version_table says after a release has converted the tables (as_mysql_convert.c, CONVERT_VERSION). */
const TABLES: Readonly<Record<string, string>> = { "22.05": "12", "24.11": "16", "26.05": "16" };

// Not covered: srun of the new release on a node that is not upgraded (Slurm does not allow it), reservations, licences and fair-share usage, several controllers, a site's own plugins, REST, and the way back.
export default scenario({
  title: "An upgrade in place, daemon by daemon, loses no job, no row of accounting and no node",
  cluster: {
    nodes: [{ name: "g[1-2]", roles: ["slurmd"], cpus: 4, gpus: { type: "a100", count: 2 } }],
    // As Slurm's page on upgrades wants it: nobody is given up while it is away for its upgrade.
    overrides: { "slurm.conf": { SlurmdTimeout: 600, SlurmctldTimeout: 600 } },
  },
  tags: ["upgrade"],
  upgradesTo: ["next"],
  async run(lab) {
    const from = lab.cluster.plan.slurm;
    const to = lab.cluster.upgrades[0]?.plan.slurm ?? "";
    const jobs = await jobsBefore(lab);
    const before = await stateOf(lab, jobs);
    const after = { slurmdbd: from, slurmctld: from, g1: from, g2: from, client: from };
    let newest = Number(jobs.waiting.at(-1)?.id);
    const check = async (part: string) => {
      await stillTheSame(lab, jobs, before, after);
      newest = await stillWorks(lab, part, newest, after.g1 !== after.g2);
    };

    const ticks = await lab.submit({ name: "ticks", run: TICK, array: "1-10%1" });
    await lab.upgrade({ daemon: "slurmdbd" });
    after.slurmdbd = to;
    await comesUp(lab, "slurmdbd", "dbd", to);
    await lab.expect({
      that: `the tables are those of ${to}`,
      actual: await lab.shell({
        on: "db",
        run: "mariadb -N -e 'select version from slurm_acct_db.convert_version_table'",
      }),
      equals: TABLES[to],
    });
    await trueTimes(lab, ticks);
    await check("slurmdbd");

    await lab.upgrade({ daemon: "slurmctld" });
    after.slurmctld = to;
    await comesUp(lab, "slurmctld", "ctl", to);
    await check("slurmctld");

    for (const node of ["g1", "g2"] as const) {
      await lab.upgrade({ daemon: "slurmd", on: node });
      after[node] = to;
      await comesUp(lab, "slurmd", node, to);
      await check(`slurmd on ${node}`);
      if (node === "g1") await oldStepsObey(lab, jobs);
    }

    await lab.upgrade({ daemon: "client" });
    after.client = to;
    await check("the commands");
    await allEnd(lab, jobs, before.lives);
  },
});

/** Writes down when it ended, for a comparison with accounting. */
const TICK = "sleep 0.3\ndate +%s > tick-$SLURM_ARRAY_TASK_ID";
const GPU = "nvidia-smi --query-gpu=uuid --format=csv,noheader";

interface Jobs {
  readonly ended: Job;
  /** Runs on both nodes, a GPU on each, until the file `go` is there. */
  readonly long: Job;
  /** Runs on g1 until it is cancelled. */
  readonly endless: Job;
  /** Held, an array that is held, and one that waits for `long`. */
  readonly waiting: readonly Job[];
}

/** One job of each kind that an upgrade might lose. */
async function jobsBefore({ submit, until }: ScenarioContext): Promise<Jobs> {
  const ended = await submit({ name: "ended", run: "true" });
  await until({ job: ended, is: "COMPLETED" });
  await until({ accounting: ended, is: "COMPLETED", exitCode: "0:0" });
  const wait = `echo $SLURMD_NODENAME $(${GPU}); until [ -e go ]; do sleep 0.2; done; echo $SLURMD_NODENAME has ended`;
  const long = await submit({ name: "long", nodes: 2, gpusPerNode: 1, run: `srun bash -c '${wait}'` });
  const endless = await submit({ name: "endless", nodelist: "g1", run: "exec sleep infinity" });
  await until({ output: long, matches: /g1 [\s\S]*g2 |g2 [\s\S]*g1 / });
  await until({ job: endless, is: "RUNNING" });
  const waiting = [
    await submit({ name: "held", run: "true", options: ["--hold"] }),
    await submit({ name: "array", run: "true", array: "1-2", options: ["--hold"] }),
    await submit({ name: "after", run: "true", options: [`--dependency=afterok:${long.id}`] }),
  ];
  return { ended, long, endless, waiting };
}

interface State {
  readonly lives: string;
  readonly pending: string;
  /** Rows of accounting that nothing may change any more. */
  readonly rows: string;
}

async function stateOf(lab: ScenarioContext, { long, ended }: Jobs): Promise<State> {
  return {
    lives: await lifeOf(lab, long),
    pending: await pendingJobs(lab),
    rows: await endedRows(lab, ended),
  };
}

/** The new daemon says so itself, and nothing in its log is fatal. */
async function comesUp(
  { shell, expect, expectLog }: ScenarioContext,
  of: "slurmdbd" | "slurmctld" | "slurmd",
  on: string,
  to: string,
) {
  await expectLog({ of, on, matches: new RegExp(`version ${to}\\.\\d+ started`) });
  await expect({
    that: `nothing in the logs of ${on} is fatal`,
    actual: await shell({ on, run: "grep -h 'fatal:' /var/log/slurm/*.log || true" }),
    equals: "",
  });
}

type Versions = Readonly<Record<"slurmdbd" | "slurmctld" | "g1" | "g2" | "client", string>>;

async function stillTheSame(
  lab: ScenarioContext,
  jobs: Jobs,
  before: State,
  versions: Versions,
): Promise<void> {
  const { expect, until } = lab;
  for (const node of ["g1", "g2"] as const) await until({ node, is: "MIXED", version: versions[node] });
  const now = await stateOf(lab, jobs);
  await expect({ that: "every part is of its release", actual: await versionsOf(lab), equals: versions });
  await expect({
    that: "the long job runs on, from when it started",
    actual: now.lives,
    equals: before.lives,
  });
  await expect({ that: "who waited waits, and for the same", actual: now.pending, equals: before.pending });
  await expect({ that: "what had ended is accounted as it was", actual: now.rows, equals: before.rows });
}

/**
 * sbatch, srun over both nodes and sacct do their work; resolves to the id of the newest job. While the nodes are of two
 * releases, a job's own srun stays on its node: that of the new release is newer than the other node's slurmd, which
 * Slurm does not allow. The login node's is not.
 */
async function stillWorks(
  lab: ScenarioContext,
  part: string,
  newest: number,
  mixed: boolean,
): Promise<number> {
  const { submit, until, run, expect } = lab;
  const where = mixed ? { nodelist: "g1" } : { nodes: 2 };
  const job = await submit({ name: "works", run: "srun hostname", ...where });
  await until({ job, is: "COMPLETED" });
  await until({ accounting: job, is: "COMPLETED", exitCode: "0:0" });
  await expect({
    that: `srun reaches both nodes after the upgrade of ${part}`,
    actual: (await run({ command: "hostname", nodes: 2 })).split("\n").sort(),
    equals: ["g1", "g2"],
  });
  await expect({ that: "no id is given twice", actual: Number(job.id) > newest, equals: true });
  return Number(job.id);
}

/** Tasks that ended while slurmdbd was away are accounted with the time at which they did. */
async function trueTimes({ until, shell, expect }: ScenarioContext, ticks: Job): Promise<void> {
  await until({ accounting: ticks, is: "COMPLETED", within: "60s" });
  // The master's row is the last task's.
  const wrong = await shell({
    on: "login",
    run: `sacct -n -P -X -j ${ticks.id} -o JobID,State,End | while IFS='|' read -r id state end; do
      off=$(( $(date -d "$end" +%s) - $(cat /home/ada/tick-\${id#*_}) ))
      [ "$state" = COMPLETED ] && [ "$off" -ge 0 ] && [ "$off" -le 5 ] || echo "$id $state, $off s off"
    done; sacct -n -X -j ${ticks.id} | wc -l`,
  });
  await expect({
    that: "ten tasks are accounted with the times at which they ended",
    actual: wrong,
    equals: "10",
  });
}

/** A job that an old slurmstepd runs can be cancelled through the new slurmd, which also knows what GPU it has. */
async function oldStepsObey(lab: ScenarioContext, { long, endless }: Jobs): Promise<void> {
  const { cancel, until, output, submit, expect, unchecked, cluster } = lab;
  await cancel({ job: endless });
  await until({ job: endless, is: "CANCELLED" });
  await until({ accounting: endless, is: "CANCELLED" });
  const other = await submit({ name: "other-gpu", nodelist: "g1", gpus: 1, run: GPU });
  await until({ job: other, is: "COMPLETED" });
  if (cluster.facts.cgroup === "none") {
    await unchecked({ what: "a new job gets the GPU that is left", because: cluster.facts.cgroupWhy });
    return;
  }
  const [taken = ""] = /(?<=^g1 )GPU-\S+/m.exec(await output({ of: long })) ?? [];
  const given = await output({ of: other });
  await expect({ that: "a new job is given one GPU", actual: given, matches: /^GPU-\S+$/ });
  await expect({ that: "it is not the one of the job from before", actual: given !== taken, equals: true });
}

/** Everybody ends as if nothing had been. */
async function allEnd(lab: ScenarioContext, { long, waiting }: Jobs, lives: string): Promise<void> {
  const { shell, until, expect, output } = lab;
  const held = waiting.slice(0, 2).map((job) => job.id);
  await shell({ on: "login", user: "ada", run: `touch ~/go; scontrol release ${held.join(" ")}` });
  for (const job of [long, ...waiting]) await until({ job, is: "COMPLETED" });
  for (const job of [long, ...waiting]) await until({ accounting: job, is: "COMPLETED", exitCode: "0:0" });
  await expect({
    that: "both tasks of the long job have come to their end",
    actual: (await output({ of: long })).match(/g\d has ended/g)?.sort(),
    equals: ["g1 has ended", "g2 has ended"],
  });
  await expect({
    that: "it is accounted from when it started",
    actual: await shell({ on: "login", run: `sacct -n -P -X -j ${long.id} -o Start` }),
    equals: /StartTime=(\S+)/.exec(lives)?.[1],
  });
  await expect({
    that: "nothing waits to be sent to slurmdbd",
    actual: await shell({ on: "ctl", run: "sdiag | grep 'DBD Agent queue size'" }),
    matches: /: *0$/,
  });
  await expect({
    that: "accounting has no job that runs on for ever",
    actual: await shell({ on: "ctl", run: "sacctmgr -i show runawayjobs 2>&1 || true" }),
    matches: /No runaway jobs/,
  });
}
