import { compressHostlist, expandHostlist } from "@slurmlab/config-gen";
import { type Condition, until } from "../../conditions/condition.ts";
import { met, pending, type Sighting } from "../../conditions/probe.ts";
import { LabError } from "../../errors/lab-error.ts";
import type { Undo } from "../../errors/undo.ts";
import { type Cluster, nodeOf } from "../cluster.ts";
import { takersOf } from "./taken.ts";

/** Longest that a job may take to be gone when nothing of it runs any more: its epilog, slurmctld's next tick. In milliseconds. */
const GONE_MS = 60_000;

const REASON = "reason=slurmlab scale";

/** `%n`: nodes that a job asks for by name. */
const SQUEUE = ["squeue", "--all", "--noheader", "--format=%i|%T|%N|%n"];

export interface LeavingOptions {
  /** Waits for their jobs, however long those run. */
  readonly drain: boolean;
  /** Takes the nodes away from their jobs, which Slurm requeues or ends with NODE_FAIL. */
  readonly force: boolean;
  readonly undo: Undo;
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Sees to it that no job is on these nodes, and that none comes any more. Bad input, which names the jobs, when some are and nobody has
 * said what is to become of them.
 */
export async function emptyNodes(
  cluster: Cluster,
  names: readonly string[],
  options: LeavingOptions,
): Promise<void> {
  const { drain, force, undo, onProgress, signal } = options;
  const controller = nodeOf(cluster, "slurmctld");
  const look = async () => jobsOn(await controller.run(SQUEUE, { signal }), names);
  refuse(names, await look(), options);
  const list = compressHostlist(names);
  const { open, draining } = takersOf(await controller.run(["scontrol", "-o", "show", "node"]), names);
  const update = async (state: string, nodes: readonly string[], ...more: string[]) => {
    const node = `nodename=${compressHostlist(nodes)}`;
    await controller.run(["scontrol", "update", node, `state=${state}`, ...more]);
  };
  if (open.length > 0) {
    undo.add(`let jobs onto ${compressHostlist(open)} again`, () => update("undrain", open));
    await update("drain", open, REASON);
  }
  // One may have been started meanwhile.
  const now = await look();
  refuse(names, now, options);
  const downed = [...open, ...draining.keys()];
  if (force && downed.length > 0) {
    undo.add(`take ${compressHostlist(downed)} for what they were`, async () => {
      await update("resume", downed);
      // Nothing but this takes DOWN away and leaves DRAIN: for a moment a job may start there.
      for (const [name, reason] of draining) await update("drain", [name], `reason=${reason || "drained"}`);
    });
    await update("down", downed, REASON);
  }
  if (now.running.length > 0)
    onProgress(`${force ? "taking" : "draining"} ${list}: ${listedJobs(now.running)} there`);
  await until(cluster, empty(names), { withinMs: drain ? Number.POSITIVE_INFINITY : GONE_MS, signal });
}

interface Jobs {
  /** On the nodes, and not ending. */
  readonly running: readonly string[];
  /** Not ended there. */
  readonly there: readonly string[];
  /** In the queue, asking for one of the nodes by name. */
  readonly asking: readonly string[];
}

/** Pure: judges what squeue printed. */
export function jobsOn(output: string, names: readonly string[]): Jobs {
  const gone = new Set(names);
  const has = (list: string) => list !== "" && expandHostlist(list).some((name) => gone.has(name));
  const jobs = output
    .split("\n")
    .filter((line) => line.includes("|"))
    .map((line) => {
      const [id = "", state = "", on = "", asked = ""] = line.split("|").map((word) => word.trim());
      return { id, state, on: has(on), asked: state === "PENDING" && has(asked) };
    });
  const there = jobs.filter(({ on }) => on);
  const ids = (some: typeof jobs) => some.map(({ id }) => id);
  return {
    running: ids(there.filter(({ state }) => state !== "COMPLETING")),
    there: ids(there),
    asking: ids(jobs.filter(({ asked }) => asked)),
  };
}

function refuse(names: readonly string[], jobs: Jobs, { drain, force }: LeavingOptions): void {
  if (force) return;
  const list = compressHostlist(names);
  if (jobs.running.length > 0 && !drain)
    throw new LabError({
      kind: "bad-input",
      message: `${jobs.running.length === 1 ? "a job runs" : `${jobs.running.length} jobs run`} on ${list}`,
      expected: "workers without jobs",
      seen: listedJobs(jobs.running),
      hint: "--drain waits for them; --force takes their nodes away: Slurm requeues them or ends them with NODE_FAIL",
    });
  if (jobs.asking.length === 0) return;
  throw new LabError({
    kind: "bad-input",
    message: `jobs in the queue ask for ${list} by name, and end with NODE_FAIL without it`,
    expected: "no job that needs them",
    seen: listedJobs(jobs.asking),
    hint: `let them run or cancel them: scancel ${jobs.asking.slice(0, 10).join(" ")}; --force lets them end so`,
  });
}

function listedJobs(ids: readonly string[]): string {
  const more = ids.length > 10 ? `, and ${ids.length - 10} more` : "";
  return `${ids.length === 1 ? "job" : "jobs"} ${ids.slice(0, 10).join(", ")}${more}`;
}

function empty(names: readonly string[]): Condition<true> {
  return {
    title: `no job to be on ${compressHostlist(names)}`,
    at: "slurmctld",
    argv: SQUEUE,
    judge({ code, output }): Sighting<true> {
      if (code !== 0) return pending(output.trim() || `exit code ${code}`);
      const { there } = jobsOn(output, names);
      return there.length === 0 ? met(true) : pending(listedJobs(there));
    },
  };
}
