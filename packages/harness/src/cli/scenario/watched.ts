import { on } from "node:events";
import { isDeepStrictEqual } from "node:util";
import type { ClusterPlan } from "@slurmlab/config-gen";
import { findRelease } from "@slurmlab/images";
import { EXIT } from "../../errors/lab-error.ts";
import type { PlannedUpgrade } from "../../scenario/upgrades.ts";
import type { Execution } from "../execute.ts";
import { compiledSlurm } from "../images/wanted.ts";
import type { RunFlags } from "./options.ts";
import { Standing } from "./standing.ts";

/** In the environment of a process that `--watch` has started, and tells what to do over its channel. */
export const WATCHED = "SLURMLAB_WATCHED";

/** What a run had, and the next one will have, unless the file comes to say something else. */
export interface Ahead {
  readonly scenario: string;
  readonly plan: ClusterPlan;
  readonly upgrades: readonly PlannedUpgrade[];
}

/** First `{ ahead }`, then `"run"`. */
export type Order = { readonly ahead: Ahead | undefined } | "run";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * One run of `--watch`, in a process of its own, so that a scenario and all that it imports are read when it is told to run, and not
 * before. The cluster that the run before had is started meanwhile; another one when the file wants another by then.
 */
export async function watchedRun(
  options: RunFlags,
  load: () => Promise<Execution>,
  run: (execution: Execution) => Promise<number>,
): Promise<number> {
  const waiting = await untilTold(options);
  if (!waiting) return EXIT.interrupted;
  const { standing, ahead } = waiting;
  let execution: Execution;
  try {
    execution = await load();
  } catch (error) {
    await standing?.remove();
    throw error;
  }
  const now: Ahead = {
    scenario: execution.scenario.name,
    plan: execution.plan,
    upgrades: execution.upgrades ?? [],
  };
  const fits = isDeepStrictEqual(now, ahead);
  if (!fits) await standing?.remove();
  const code = await run(fits ? { ...execution, standing } : execution);
  // What could not be started is not started again unseen.
  if (code === EXIT.ok || code === EXIT.failed) process.send?.(now);
  return code;
}

/** Resolves to the cluster that was started meanwhile; undefined when nobody is to be waited for any more. */
async function untilTold(
  options: RunFlags,
): Promise<{ standing: Standing | undefined; ahead: Ahead | undefined } | undefined> {
  const gone = new AbortController();
  const leave = () => gone.abort();
  process.once("disconnect", leave);
  for (const name of SIGNALS) process.once(name, leave);
  const orders = on(process, "message", { signal: gone.signal });
  const order = async () => ((await orders.next()).value as [Order])[0];
  let standing: Standing | undefined;
  try {
    const first = await order();
    const ahead = first === "run" ? undefined : first.ahead;
    standing = ahead && standingFor(ahead, options);
    if (first !== "run") await order();
    return { standing, ahead };
  } catch (error) {
    await standing?.remove();
    if (!gone.signal.aborted) throw error;
    return undefined;
  } finally {
    await orders.return?.();
    process.off("disconnect", leave);
    for (const name of SIGNALS) process.off(name, leave);
  }
}

function standingFor({ scenario, plan, upgrades }: Ahead, { slurm, base }: RunFlags): Standing | undefined {
  const release = findRelease(plan.slurm);
  if ("severity" in release) return undefined;
  return new Standing(scenario, { plan, release, upgrades, base, compiled: compiledSlurm(slurm) });
}
