import { compressHostlist } from "@slurmlab/config-gen";
import { type Condition, until } from "../conditions/condition.ts";
import { hopeless, met, pending, type Sighting } from "../conditions/probe.ts";
import { LabError } from "../errors/lab-error.ts";
import { parseNodeState, parseRecords } from "../slurm/records.ts";
import { parseSacct, sacctArguments } from "../slurm/sacct.ts";
import { type Cluster, nodeOf } from "./cluster.ts";
import type { Look } from "./lens.ts";
import { type ProbeJob, probeJobs, workersUp } from "./workers.ts";

/** Longest wait for each part of being ready; every worker has a share, as they all start at once. */
function withinMs(workers: number): number {
  return 60_000 + 2_000 * workers;
}

/** Ready as Slurm sees it: nodes IDLE, cluster registered, and a job on every worker COMPLETED in sacct. */
export async function awaitReady(cluster: Cluster, onProgress: (line: string) => void): Promise<void> {
  const workers = workersUp(cluster.plan);
  const waiting = { withinMs: withinMs(workers.length), signal: cluster.signal };
  onProgress(
    `waiting for ${workers.length === 1 ? "the worker" : `${workers.length} workers`} to be IDLE, and the cluster in accounting`,
  );
  await awaitRegistered(cluster, nodesIdle("every node to be IDLE", workers));
  const jobs = probeJobs(cluster.plan);
  onProgress(`running ${jobs.length === 1 ? "a probe job on every node" : `${jobs.length} probe jobs`}`);
  // Side by side: they are for different nodes.
  const refused = await Promise.all(
    jobs.map(async (job) => {
      const { id, refusal } = await runProbe(cluster, job);
      if (refusal === undefined) await until(cluster, probeAccounted(id), waiting);
      return refusal;
    }),
  );
  const said = refused.filter((refusal) => refusal !== undefined);
  if (said.length > 0 && said.length === jobs.length) throw noJobTaken(said[0] ?? "");
  for (const refusal of said)
    onProgress(`job_submit.lua does not take a probe job, so none ran there: ${refusal}`);
}

/** Waits for what is said of the nodes, and for the cluster to be registered in accounting. */
export async function awaitRegistered(cluster: Cluster, nodes: Condition<true>): Promise<void> {
  // Side by side; the first that cannot come true ends the other.
  const lost = new AbortController();
  const waiting = {
    withinMs: withinMs(workersUp(cluster.plan).length),
    signal: AbortSignal.any([cluster.signal, lost.signal]),
  };
  try {
    await Promise.all([until(cluster, nodes, waiting), until(cluster, REGISTERED, waiting)]);
  } catch (error) {
    lost.abort();
    throw error;
  }
}

/** Runs one probe job to its end. Its id it says itself: the first one is 1, but 2 in 20.11. */
async function runProbe(cluster: Cluster, job: ProbeJob): Promise<{ id: string; refusal?: string }> {
  const { user, scripts } = cluster.plan;
  const argv = [
    "srun",
    ...(job.partition ? [`--partition=${job.partition}`] : []),
    ...(job.account ? [`--account=${job.account}`] : []),
    ...(job.qos ? [`--qos=${job.qos}`] : []),
    ...(job.gpus ? ["--gres=gpu:1"] : []),
    `--nodes=${job.nodes.length}`,
    `--nodelist=${compressHostlist(job.nodes)}`,
    "--ntasks-per-node=1",
    // A site's policy may ask for a time limit, and its default memory may be a whole large node's.
    "--time=1",
    "--mem=10M",
    "--job-name=probe",
    "printenv",
    "SLURM_JOB_ID",
  ];
  const options = { user, signal: cluster.signal };
  const login = nodeOf(cluster, "login");
  // A site's own script may well have rules that no probe can know.
  if (scripts.jobSubmit === undefined) return { id: firstLine(await login.run(argv, options)) };
  const { code, stdout, stderr } = await login.exec(argv, options);
  return code === 0 ? { id: firstLine(stdout) } : { id: "", refusal: firstLine(stderr) };
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0] ?? "";
}

function noJobTaken(refusal: string): LabError {
  return new LabError({
    kind: "broken",
    message: "not one probe job was taken, so nothing shows that a node can run one",
    seen: refusal,
    hint: "`--hooks stub` of `config import` leaves the site's job_submit.lua out",
  });
}

/** slurmctld registers itself; its host stands in the row from then on. */
const REGISTERED: Condition<true> = {
  title: "the cluster to be registered in accounting",
  at: "slurmctld",
  argv: ["sacctmgr", "-n", "-P", "show", "cluster", "format=cluster,controlhost"],
  judge: ({ output }) =>
    output.split("\n").some((line) => /^[^|]+\|\S+/.test(line)) ? met(true) : pending(output || "no cluster"),
};

function probeAccounted(id: string): Condition<true> {
  return {
    title: "the probe job to be COMPLETED in sacct",
    at: "slurmctld",
    argv: sacctArguments([id]),
    judge(look) {
      const state = parseSacct(look.output)[0]?.state;
      return state === "COMPLETED" ? met(true) : pending(state ?? "no row yet");
    },
  };
}

/** All these workers to be IDLE and nothing else. */
export function nodesIdle(title: string, workers: readonly string[]): Condition<true> {
  return {
    title,
    at: "slurmctld",
    argv: ["scontrol", "-o", "show", "node"],
    judge: (look) => allIdle(look, workers),
  };
}

/** A node that is idle and somebody's: reservations of the specification. */
const RESERVED = new Set(["RESERVED", "MAINTENANCE"]);

/** Pure: judges what `scontrol -o show node` printed. */
export function allIdle(look: Look, workers: readonly string[]): Sighting<true> {
  if (look.code !== 0) return pending(look.output.trim() || `exit code ${look.code}`);
  const states = new Map(parseRecords(look.output).map((node) => [node.get("NodeName"), node]));
  const waiting: string[] = [];
  for (const name of workers) {
    const state = parseNodeState(states.get(name)?.get("State") ?? "missing");
    if (state.base === "IDLE" && state.flags.every((flag) => RESERVED.has(flag))) continue;
    const reason = states.get(name)?.get("Reason");
    const seen = `${name} is ${[state.base, ...state.flags].join("+")}${reason ? ` (${reason})` : ""}`;
    // slurmctld has looked at what the node registered with and refused it: that does not mend itself.
    if (state.flags.includes("INVALID_REG") || state.flags.includes("DRAIN")) return hopeless(seen);
    waiting.push(seen);
  }
  return waiting.length === 0 ? met(true) : pending(waiting.slice(0, 5).join(", "));
}
