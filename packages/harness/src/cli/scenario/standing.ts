import type { Cluster } from "../../cluster/cluster.ts";
import type { InRelease } from "../../cluster/container-spec.ts";
import { newClusterId } from "../../cluster/names.ts";
import { nodesIdle } from "../../cluster/ready.ts";
import { startReaper } from "../../cluster/reaper.ts";
import { startCluster } from "../../cluster/start.ts";
import { workersUp } from "../../cluster/workers.ts";
import { until } from "../../conditions/condition.ts";
import { lookForEngine } from "../../engine/find.ts";
import { Undo } from "../../errors/undo.ts";
import { runLabels } from "../../scenario/run-cluster.ts";
import type { StandingCluster } from "../../scenario/run-options.ts";
import type { Execution } from "../execute.ts";
import { type ImageWishes, imagesOfPlan } from "../images/of-plan.ts";
import { VERSION } from "../project.ts";

/** How long a cluster that is to be used may take to say that its nodes are IDLE, in milliseconds. */
const LOOK_MS = 2_000;

/** It may have stood for hours, through a restart of the engine, a `cluster down --all` and the sleep of a laptop. */
async function isWell(cluster: Cluster, signal: AbortSignal): Promise<boolean> {
  try {
    const idle = nodesIdle("every node to be IDLE still", workersUp(cluster.plan));
    await until({ ...cluster, signal }, idle, { withinMs: LOOK_MS, signal });
    return true;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

/** What a cluster is started from, as far as it is not known from the scenario's name. */
export type Wanted = ImageWishes & Pick<Execution, "upgrades">;

/**
 * A cluster that gets ready, unseen, while somebody writes, so that the next run begins with its steps. From its images, which
 * the run before has used; when they or the engine are gone, or it does not start, there is none, and the run says why.
 */
export class Standing implements StandingCluster {
  readonly id: string;
  readonly undo = new Undo();
  readonly #stop = new AbortController();
  readonly #reaper = startReaper();
  readonly #cluster: Promise<Cluster | undefined>;

  constructor(scenario: string, wanted: Wanted) {
    this.id = newClusterId(scenario);
    this.#cluster = this.#start(scenario, wanted).catch(async () => {
      await this.undo.run();
      return undefined;
    });
  }

  /** For a run with this `id` and `undo`, which takes it away with all that is its own, and has a reaper of its own. */
  async take(signal: AbortSignal): Promise<Cluster | undefined> {
    const stop = () => this.#stop.abort(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    const cluster = await this.#cluster;
    signal.removeEventListener("abort", stop);
    this.#reaper.done();
    if (!cluster || (await isWell(cluster, signal))) return cluster;
    await this.undo.run();
    return undefined;
  }

  async remove(): Promise<string[]> {
    this.#stop.abort();
    await this.#cluster;
    const left = await this.undo.run();
    if (left.length === 0) this.#reaper.done();
    return left;
  }

  async #start(scenario: string, wanted: Wanted): Promise<Cluster | undefined> {
    const found = await lookForEngine(process.env);
    if (!found) return undefined;
    const { engine } = found;
    const { signal } = this.#stop;
    const inRelease = async (wishes: ImageWishes): Promise<InRelease> => ({
      plan: wishes.plan,
      images: (await imagesOfPlan(engine, wishes, signal)).set,
    });
    return await startCluster(engine, {
      ...(await inRelease(wanted)),
      upgrades: await Promise.all((wanted.upgrades ?? []).map(inRelease)),
      id: this.id,
      labels: runLabels({ version: VERSION, scenario, created: new Date() }),
      undo: this.undo,
      signal,
      onProgress: () => {},
    });
  }
}
