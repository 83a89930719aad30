import { imageSet } from "@slurmlab/images";
import type { Cluster } from "../../cluster/cluster.ts";
import { newClusterId } from "../../cluster/names.ts";
import { startReaper } from "../../cluster/reaper.ts";
import { startCluster } from "../../cluster/start.ts";
import { lookForEngine } from "../../engine/find.ts";
import { Undo } from "../../errors/undo.ts";
import { runLabels } from "../../scenario/run-cluster.ts";
import type { Execution } from "../execute.ts";
import { withLayers } from "../images/layers.ts";
import { siteBase } from "../images/site-base.ts";
import { VERSION } from "../project.ts";

/** What a cluster is started from, as far as it is not known from the scenario's name. */
export type Wanted = Pick<Execution, "plan" | "release" | "compiled" | "base" | "upgrades">;

/**
 * A cluster that gets ready, unseen, while somebody writes, so that the next run begins with its steps. From its images, which
 * the run before has used; when they or the engine are gone, or it does not start, there is none, and the run says why.
 */
export class Standing {
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

  /** For a run with this `id` and `undo`, which takes it away with all that is its own. */
  async take(signal: AbortSignal): Promise<Cluster | undefined> {
    const stop = () => this.#stop.abort(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    const cluster = await this.#cluster;
    signal.removeEventListener("abort", stop);
    // The run has a reaper of its own.
    this.#reaper.done();
    return cluster;
  }

  async remove(): Promise<void> {
    this.#stop.abort();
    await this.#cluster;
    await this.undo.run();
    this.#reaper.done();
  }

  async #start(
    scenario: string,
    { plan, release, compiled, base, upgrades = [] }: Wanted,
  ): Promise<Cluster | undefined> {
    const found = await lookForEngine(process.env);
    if (!found) return undefined;
    const { engine } = found;
    const { signal } = this.#stop;
    const site = await siteBase(engine, base, signal);
    const plain =
      (await compiled?.images(engine))?.set ??
      imageSet(release, engine.architecture, site ? { base: site } : {});
    return await startCluster(engine, {
      id: this.id,
      plan,
      images: withLayers(plain, plan),
      upgrades: upgrades.map((to) => ({
        plan: to.plan,
        images: withLayers(imageSet(to.release, engine.architecture), to.plan),
      })),
      labels: runLabels({ version: VERSION, scenario, created: new Date() }),
      undo: this.undo,
      signal,
      onProgress: () => {},
    });
  }
}
