import { parseEnds } from "../cluster/foreseen-ends.ts";
import { runTogether } from "../cluster/together.ts";
import type { Engine } from "../engine/engine.ts";
import { freeDiskMb } from "../engine/free-disk.ts";
import { LabError, messageOf } from "../errors/lab-error.ts";
import { Unavailable } from "../errors/unavailable.ts";
import type { StepContext } from "../verbs/verb.ts";
import type { Guard } from "./guard.ts";

/** An engine with less than this has a full disk for all that a cluster does: programs of its own no longer start. In MB. */
const FULL_MB = 50;

/** No event loop of ours is as late as this, in seconds. */
const SLEEP_S = 10;

/** Errors behind which there may be something else. */
const UNEXPLAINED: readonly string[] = ["broken", "failed"];

/** A node may not answer any more. */
const ASK_MS = 5_000;

/** What has killed processes of a container, by its own count: cgroup v1 and v2. */
const OOM_FILES = ["/sys/fs/cgroup/memory/memory.oom_control", "/sys/fs/cgroup/memory.events"];

/**
 * What lies behind an error, where that is no doing of Slurm's or the scenario's: the engine has gone, its disk is full, somebody
 * has killed a daemon. The error itself where nothing of it is seen.
 */
export async function behind(
  error: unknown,
  run: {
    readonly engine: Engine;
    readonly guard: Guard | undefined;
    readonly context: StepContext | undefined;
    /** Ends of daemons say nothing: the scenario breaks `daemons-alive`. */
    readonly daemonsMayEnd: boolean;
  },
): Promise<unknown> {
  const { engine, guard, context, daemonsMayEnd } = run;
  const failed = error instanceof LabError && error.kind === "failed";
  // What was refused or cannot be had here says so itself.
  const told =
    error instanceof Unavailable || (error instanceof LabError && !UNEXPLAINED.includes(error.kind));
  if (told) await engine.pulse.check();
  else await guard?.settled();
  if (told || guard?.signal.aborted) return error;
  const full = diskFull(engine.facts.dataFolder, error);
  if (full) return full;
  if (!failed) return error;
  const killed = context && !daemonsMayEnd ? await daemonsKilled(context, error) : undefined;
  return killed ?? clockJumped(guard?.gap ?? 0, error) ?? error;
}

/** A claim about time says nothing about Slurm when the machine was asleep meanwhile. */
export function clockJumped(gap: number, error: LabError): LabError | undefined {
  if (gap < SLEEP_S) return undefined;
  return new LabError({
    kind: "broken",
    message: `the machine was asleep for ${Math.round(gap)} s, or its clock was set`,
    expected: "the clock to go on evenly while Slurm is waited for",
    seen: [error.message, error.seen].filter(Boolean).join(": "),
    ...(error.where ? { where: error.where } : {}),
    hint: "run it again while the machine is awake",
    cause: error,
  });
}

/** Where the engine is on this machine. */
export function diskFull(folder: string, error: unknown, free = freeDiskMb(folder)): LabError | undefined {
  if (free === undefined || free >= FULL_MB) return undefined;
  return new LabError({
    kind: "broken",
    message: "the disk of the container engine is full",
    expected: `${FULL_MB} MB free`,
    seen: `${Math.floor(free)} MB free, and: ${messageOf(error)}`,
    where: folder,
    hint: "make room there: `pnpm images prune` removes images that no release needs any more, `pnpm cluster list` shows other clusters",
    cause: error,
  });
}

/** Slurm sends SIGKILL to no daemon: one that no step has sent is the kernel's, where memory has run out, or somebody's. */
async function daemonsKilled(context: StepContext, error: LabError): Promise<LabError | undefined> {
  const { cluster, daemons } = context;
  const asked = await Promise.allSettled(
    cluster.nodes.map(async (node) => {
      const programs = ["/var/log/slurm/supervisor.log", ...OOM_FILES].map((file) => ["cat", file]);
      const [ends, ...counts] = await runTogether(node, programs, AbortSignal.timeout(ASK_MS));
      return { node: node.name, ends: ends?.code === 0 ? ends.output : "", oom: oomKills(counts) };
    }),
  );
  const looks = asked.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const unforeseen = daemons.ends.unforeseen(looks.flatMap(({ node, ends }) => parseEnds(node, ends)));
  const killed = unforeseen.filter(({ line }) => line.endsWith("killed by signal 9"));
  const [first] = killed;
  if (!first) return undefined;
  const counted = looks
    .filter(({ node, oom }) => oom > 0 && killed.some((end) => end.node === node))
    .map(({ node, oom }) => `${node}: the kernel counts ${oom} killed there as memory ran out`);
  return new LabError({
    kind: "broken",
    message: `${first.daemon} on ${first.node} was killed, and no step has killed it`,
    expected: "no daemon to end but those that a step ended",
    seen: [...killed.map(({ node, line }) => `${node}: ${line}`), ...counted, error.message].join("\n"),
    where: error.where ?? first.node,
    hint: "SIGKILL is sent by the kernel where memory runs out (`dmesg` on the engine's machine says so), or by somebody",
    cause: error,
  });
}

/** Pure: the kernel's count of processes that it has killed for want of memory. */
export function oomKills(counts: ReadonlyArray<{ readonly output: string }>): number {
  return counts.reduce((sum, { output }) => sum + Number(/^oom_kill (\d+)$/m.exec(output)?.[1] ?? 0), 0);
}
