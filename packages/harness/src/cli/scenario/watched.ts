import { on } from "node:events";
import { isDeepStrictEqual } from "node:util";
import type { ClusterPlan } from "@slurmlab/config-gen";
import { findRelease } from "@slurmlab/images";
import { EXIT } from "../../errors/lab-error.ts";
import { unmetBySlurm } from "../../scenario/requirements.ts";
import type { PlannedUpgrade } from "../../scenario/upgrades.ts";
import type { Execution } from "../execute.ts";
import { compiledSlurm } from "../images/wanted.ts";
import { SIGNALS } from "../interrupt.ts";
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

/**
 * One run of `--watch`, in a process of its own, so that a scenario and all that it imports are read when it is told to run, and not
 * before. The cluster that the run before had is started meanwhile; another one when the file wants another by then.
 */
export async function watchedRun(
  options: RunFlags,
  load: () => Promise<Execution>,
  run: (execution: Execution) => Promise<number>,
): Promise<number> {
  // Until the run has handlers of its own. A terminal that is closed may send two signals.
  const gone = new AbortController();
  const leave = () => gone.abort();
  for (const name of ["disconnect", ...SIGNALS]) process.on(name, leave);
  const done = () => {
    for (const name of ["disconnect", ...SIGNALS]) process.off(name, leave);
  };
  let standing: Standing | undefined;
  try {
    const orders = on(process, "message", { signal: gone.signal });
    const order = async () => ((await orders.next()).value as [Order])[0];
    const first = await order();
    const ahead = first === "run" ? undefined : first.ahead;
    standing = ahead && standingFor(ahead, options);
    if (first !== "run") await order();
    await orders.return?.();
    const execution = await load();
    const now: Ahead = {
      scenario: execution.scenario.name,
      plan: execution.plan,
      upgrades: execution.upgrades ?? [],
    };
    if (!isDeepStrictEqual(now, ahead)) {
      await standing?.remove();
      standing = undefined;
    }
    gone.signal.throwIfAborted();
    done();
    const ready = standing;
    standing = undefined;
    const code = await run({ ...execution, standing: ready });
    if ((code === EXIT.ok || code === EXIT.failed) && !skipped(execution))
      process.send?.(now, undefined, undefined, () => {});
    return code;
  } catch (error) {
    await standing?.remove();
    if (gone.signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    done();
  }
}

/** Known before anything starts: such a run has no cluster, and the next needs none. */
function skipped({ scenario, plan, compiled, skip }: Execution): boolean {
  return (unmetBySlurm(scenario.settings.requires, compiled?.version ?? plan.slurm) ?? skip) !== undefined;
}

function standingFor({ scenario, plan, upgrades }: Ahead, { slurm, base }: RunFlags): Standing | undefined {
  const release = findRelease(plan.slurm);
  if ("severity" in release) return undefined;
  return new Standing(scenario, { plan, release, upgrades, base, compiled: compiledSlurm(slurm) });
}
