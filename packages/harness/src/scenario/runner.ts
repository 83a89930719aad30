import type { ImageSet } from "@slurmlab/images";
import type { Cluster } from "../cluster/cluster.ts";
import type { InRelease } from "../cluster/container-spec.ts";
import { listed } from "../cluster/names.ts";
import { imageRolesOf } from "../cluster/node-images.ts";
import { keepCluster, sweep } from "../cluster/sweep.ts";
import { Waits } from "../cluster/waits.ts";
import type { FoundEngine } from "../engine/find.ts";
import type { Labels } from "../engine/labels.ts";
import type { LabError } from "../errors/lab-error.ts";
import { Unavailable } from "../errors/unavailable.ts";
import type { InvariantName } from "../invariants/index.ts";
import { daemonEvents } from "../journal/daemon-events.ts";
import { Journal } from "../journal/journal.ts";
import { Observer } from "../journal/observer.ts";
import { type RunRecord, shownFiles } from "../report/record.ts";
import type { StepContext } from "../verbs/verb.ts";
import { behind } from "./behind.ts";
import { checkInvariants } from "./checks.ts";
import { startDeadline } from "./deadline.ts";
import { failureOf } from "./failure.ts";
import { answersAgain, type Guard, guardRun } from "./guard.ts";
import { healAll } from "./heal-all.ts";
import { Progress } from "./progress.ts";
import { unmetBySlurm } from "./requirements.ts";
import { clusterFor, runLabels } from "./run-cluster.ts";
import { groundOf } from "./run-facts.ts";
import type { RunOptions } from "./run-options.ts";
import { runResult } from "./run-result.ts";
import { newStepContext } from "./step-context.ts";
import { runSteps } from "./steps.ts";
import { keepTraces, NO_TRACES, type Traces } from "./traces.ts";
import { judgeWithoutFault } from "./without-fault.ts";

/** Runs one scenario on a fresh cluster, from finding an engine to tearing everything down. Never rejects. */
export async function runScenario(options: RunOptions): Promise<RunRecord> {
  const run = new Run(options);
  await run.all();
  return run.record();
}

class Run {
  readonly #options: RunOptions;
  readonly #journal = new Journal();
  readonly #waits = new Waits();
  readonly #progress: Progress;
  #found: FoundEngine | undefined;
  #images: ImageSet | undefined;
  #upgrades: readonly InRelease[] = [];
  #cluster: Cluster | undefined;
  #error: LabError | undefined;
  #skipped: string | undefined;
  #observer: Observer | undefined;
  #traces: Traces = NO_TRACES;
  #leftovers: string[] = [];
  #kept = false;
  #context: StepContext | undefined;
  #guard: Guard | undefined;
  /** The run's, and once the clock runs the deadline's as well. */
  #signal: AbortSignal;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#signal = options.signal;
    this.#progress = new Progress(this.#journal, options.events, () => this.#signal);
  }

  async all(): Promise<void> {
    try {
      await this.#up();
    } catch (error) {
      const [found, guard, context] = [this.#found, this.#guard, this.#context];
      this.#noteError(
        found
          ? await behind(error, {
              engine: found.engine,
              guard,
              context,
              daemonsMayEnd: this.#breaks.includes("daemons-alive"),
            })
          : error,
      );
    }
    await this.#observer?.stop();
    this.#guard?.stop();
    const say = (line: string) => this.#options.events.progress("engine", line);
    const answers = await answersAgain(this.#found?.engine.pulse, say, this.#options.signal);
    // One that nobody has taken may be in the middle of its start.
    if (!this.#cluster) this.#leftovers = (await this.#options.standing?.remove()) ?? [];
    if (this.#found && answers) await this.#keepTraces(this.#found);
    // Someone who interrupts a start does not want to keep the half of a cluster.
    const { keep } = this.#options;
    const half = !this.#cluster && (keep === "when-ready" || this.#error?.kind === "interrupted");
    this.#kept = keep !== false && this.#found !== undefined && !half && answers;
    if (!answers) this.#leftovers.push("whatever there is of it: the engine does not answer");
    else if (!this.#kept) await this.#tearDown();
    else if (this.#found) await this.#keep(this.#found);
  }

  async #up(): Promise<void> {
    const { plan, slurm, scenario, upgrades = [] } = this.#options;
    const { requires, deadlineMs } = scenario.settings;
    const unmet = unmetBySlurm(requires, slurm ?? plan.slurm) ?? this.#options.skip;
    if (unmet) throw new Unavailable(unmet);
    const found = await this.#progress.stage("engine", async (say) => {
      const there = await this.#options.findEngine();
      this.#found = { ...there, engine: this.#waits.counting(there.engine) };
      const { removed, failures } = await sweep(this.#found.engine);
      if (removed.length > 0)
        say(`removed what a dead run left behind: ${removed.map((cluster) => cluster.id).join(", ")}`);
      for (const failure of failures) say(`could not be removed: ${failure}`);
      return [this.#found, this.#found.line];
    });
    this.#guard = await guardRun(found.engine, this.#options.id, this.#signal);
    this.#signal = this.#guard.signal;
    const images = await this.#progress.stage("images", async () => {
      this.#images = await this.#options.prepareImages(found);
      const { slurm, hash } = this.#images;
      const more: InRelease[] = [];
      for (const each of upgrades) more.push({ plan: each.plan, images: await each.prepareImages(found) });
      this.#upgrades = more;
      const to =
        more.length > 0 ? `; to upgrade to: ${more.map(({ images }) => images.slurm).join(", ")}` : "";
      return [this.#images, `Slurm ${slurm}: ${imageRolesOf(plan).join(", ")} (${slurm}-${hash})${to}`];
    });
    // Images may have to be built first, which takes as long as it takes.
    const deadline = startDeadline(deadlineMs, { signal: this.#signal, doing: () => this.#progress.doing });
    this.#signal = deadline.signal;
    try {
      await this.#tryClaim(found, images);
    } finally {
      deadline.stop();
    }
  }

  /** All that the scenario's deadline is for: the cluster's start, the steps and the checks. */
  async #tryClaim(found: FoundEngine, images: ImageSet): Promise<void> {
    const { seed, scenario } = this.#options;
    const signal = this.#signal;
    const cluster = await this.#progress.stage("cluster", async (say) => {
      this.#cluster = await clusterFor(found.engine, this.#options, {
        images,
        upgrades: this.#upgrades,
        labels: this.#labels(),
        signal,
        waits: this.#waits,
        onProgress: say,
      });
      return [
        this.#cluster,
        `${listed(this.#cluster.nodes.map((node) => node.name))}: ready. ${groundOf(this.#cluster)}`,
      ];
    });
    const context = newStepContext(cluster, {
      signal,
      seed,
      withoutFault: this.#options.withoutFault,
      journal: this.#journal,
      leaveUnchecked: (what, because) => this.#progress.unchecked(what, because),
    });
    const { faults } = context;
    this.#context = context;
    // A sleep before the first claim says nothing of it.
    this.#guard?.forgetGap();
    this.#observer = new Observer(cluster, this.#journal);
    const { beforeStep } = this.#options;
    if (beforeStep) this.#progress.beforeStep = (sentence) => beforeStep(sentence, cluster);
    await this.#progress.stage("steps", async () => {
      let failure: unknown;
      await runSteps(scenario, context, this.#progress).catch((error: unknown) => {
        failure = error;
      });
      // Healed before anything else is looked at; what a fault in the healing says never hides what came first.
      const unhealed = await healAll(faults, signal, (sentence, work) => this.#progress.step(sentence, work));
      failure ??= unhealed;
      if (failure !== undefined) throw failure;
      return [undefined, `${this.#progress.steps.length} steps`];
    });
    await this.#progress.stage("checks", async () => {
      await checkInvariants(context, this.#breaks, (step) => this.#progress.done(step));
      return [undefined, "nothing was lost, nothing has died"];
    });
    if (this.#options.withoutFault) throw judgeWithoutFault(this.#options.scenario, this.#progress.steps);
  }

  async #keepTraces({ engine }: FoundEngine): Promise<void> {
    const { id, evidenceFolder, events } = this.#options;
    const evidence = this.#error ? evidenceFolder : undefined;
    this.#traces = await keepTraces(engine, id, {
      progress: this.#progress,
      evidence,
      detail: events.detail,
    });
    for (const { time, event } of daemonEvents(this.#traces.log.lines))
      this.#journal.add(event, Math.max(0, time - this.#zero()));
  }

  /** The run's start by the nodes' clock, in milliseconds since 1970. */
  #zero(): number {
    return this.#journal.started.getTime() + (this.#observer?.aheadMs ?? 0);
  }

  async #keep({ engine }: FoundEngine): Promise<void> {
    try {
      await keepCluster(engine, this.#options.id, this.#labels());
    } catch (error) {
      this.#noteError(error);
    }
  }

  async #tearDown(): Promise<void> {
    await this.#progress.stage("teardown", async () => {
      this.#leftovers.push(...(await this.#options.undo.run()));
      const line = this.#leftovers.length === 0 ? "nothing is left" : `left: ${this.#leftovers.join(", ")}`;
      return [undefined, line];
    });
  }

  #noteError(error: unknown): void {
    if (error instanceof Unavailable) this.#skipped = error.message;
    else this.#error = failureOf(error, { signal: this.#signal, up: this.#cluster !== undefined });
  }

  get #breaks(): readonly InvariantName[] {
    return this.#options.scenario.body.scenario.breaks ?? [];
  }

  #labels(): Labels {
    const { version, scenario, clusterName: name } = this.#options;
    return runLabels({ version, scenario: scenario.name, name, created: this.#journal.started });
  }

  record(): RunRecord {
    const { files, log } = this.#traces;
    const result = runResult(this.#options, {
      journal: this.#journal,
      waits: this.#waits,
      progress: this.#progress,
      found: this.#found,
      images: this.#images,
      upgrades: this.#upgrades,
      cluster: this.#cluster,
      observer: this.#observer,
      context: this.#context,
      skipped: this.#skipped,
      error: this.#error,
      traces: this.#traces,
      leftovers: this.#leftovers,
      kept: this.#kept,
    });
    return { result, log, zero: this.#zero(), configuration: shownFiles(files) };
  }
}
