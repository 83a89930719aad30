import { type ClusterPlan, nodeWith } from "@slurmlab/config-gen";
import type { ImageSet } from "@slurmlab/images";
import type { Cluster } from "../cluster/cluster.ts";
import type { InRelease } from "../cluster/container-spec.ts";
import { clusterNames, listed } from "../cluster/names.ts";
import { imageRolesOf, upgradeImageRolesOf } from "../cluster/node-images.ts";
import { startCluster } from "../cluster/start.ts";
import { sweep } from "../cluster/sweep.ts";
import type { FoundEngine } from "../engine/find.ts";
import { LABEL, type Labels, ownerOf } from "../engine/labels.ts";
import { type LabError, messageOf } from "../errors/lab-error.ts";
import { Unavailable } from "../errors/unavailable.ts";
import type { Undo } from "../errors/undo.ts";
import { findClues } from "../evidence/clues.ts";
import { collectEvidence } from "../evidence/collect.ts";
import type { Faults } from "../faults/injected.ts";
import type { InvariantName } from "../invariants/index.ts";
import type { Measurement } from "../ledger/measures.ts";
import type { RunResult, StepResult, Verdict } from "../report/result.ts";
import type { StepContext } from "../verbs/verb.ts";
import { checkInvariants } from "./checks.ts";
import { startDeadline } from "./deadline.ts";
import type { RunEvents, Stage } from "./events.ts";
import { failureOf } from "./failure.ts";
import { healAll } from "./heal-all.ts";
import type { LoadedScenario } from "./load.ts";
import { unmetByMachine, unmetBySlurm } from "./requirements.ts";
import { newStepContext } from "./step-context.ts";
import { runSteps } from "./steps.ts";
import { judgeWithoutFault } from "./without-fault.ts";

export interface RunOptions {
  readonly scenario: LoadedScenario;
  readonly plan: ClusterPlan;
  /** The cluster's id; made by the caller, so that a second Ctrl-C can name it. */
  readonly id: string;
  readonly version: string;
  /** What `on: one` and the like are chosen by, and the steps' random source starts from. */
  readonly seed: number;
  /** Slurm's version, where it is another than the plan's: one that was compiled. */
  readonly slurm?: string | undefined;
  /** Awaited before each step. */
  readonly beforeStep?: ((sentence: string, cluster: Cluster) => Promise<void>) | undefined;
  /** Leaves the cluster running: whatever happens, or only when it came up. */
  readonly keep: boolean | "when-ready";
  readonly repeat: string;
  /** Leaves out the steps that disturb: the scenario must then fail, or it proves nothing. */
  readonly withoutFault: boolean;
  /** Where evidence goes, should there be any; relative to the working folder. */
  readonly evidenceFolder: string;
  readonly findEngine: () => Promise<FoundEngine>;
  readonly prepareImages: (found: FoundEngine) => Promise<ImageSet>;
  /** Releases that steps upgrade to. */
  readonly upgrades?: ReadonlyArray<{
    readonly plan: ClusterPlan;
    readonly prepareImages: (found: FoundEngine) => Promise<ImageSet>;
  }>;
  /** Why the scenario cannot run on this Slurm. */
  readonly skip?: string | undefined;
  readonly events: RunEvents;
  readonly signal: AbortSignal;
  readonly undo: Undo;
}

/** Runs one scenario on a fresh cluster, from finding an engine to tearing everything down. Never rejects. */
export async function runScenario(options: RunOptions): Promise<RunResult> {
  const run = new Run(options);
  await run.all();
  return run.result();
}

class Run {
  readonly #options: RunOptions;
  readonly #started = new Date();
  readonly #start = performance.now();
  readonly #stages: Record<string, number> = {};
  readonly #steps: StepResult[] = [];
  #found: FoundEngine | undefined;
  #images: ImageSet | undefined;
  #upgrades: readonly InRelease[] = [];
  #cluster: Cluster | undefined;
  #error: LabError | undefined;
  #skipped: string | undefined;
  #clues: string[] = [];
  #evidence: string | undefined;
  #leftovers: string[] = [];
  #kept = false;
  #faults: Faults | undefined;
  /** The run's, and once the clock runs the deadline's as well. */
  #signal: AbortSignal;
  /** What it is at, for a deadline that passes. */
  #doing = "";
  #measurements: readonly Measurement[] = [];

  constructor(options: RunOptions) {
    this.#options = options;
    this.#signal = options.signal;
  }

  async all(): Promise<void> {
    try {
      await this.#up();
    } catch (error) {
      this.#noteError(error);
    }
    if (this.#error && this.#found)
      await this.#saveEvidence(this.#found).catch((error) => this.#options.events.detail(messageOf(error)));
    // Someone who interrupts a start does not want to keep the half of a cluster.
    const { keep } = this.#options;
    const half = !this.#cluster && (keep === "when-ready" || this.#error?.kind === "interrupted");
    this.#kept = keep !== false && this.#found !== undefined && !half;
    if (!this.#kept) await this.#tearDown();
  }

  async #up(): Promise<void> {
    const { plan, slurm, scenario, upgrades = [] } = this.#options;
    const { requires, deadlineMs } = scenario.settings;
    const unmet = unmetBySlurm(requires, slurm ?? plan.slurm) ?? this.#options.skip;
    if (unmet) throw new Unavailable(unmet);
    const found = await this.#stage("engine", async (say) => {
      this.#found = await this.#options.findEngine();
      const { removed, failures } = await sweep(this.#found.engine);
      if (removed.length > 0)
        say(`removed what a dead run left behind: ${removed.map((cluster) => cluster.id).join(", ")}`);
      for (const failure of failures) say(`could not be removed: ${failure}`);
      return [this.#found, this.#found.line];
    });
    const images = await this.#stage("images", async () => {
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
    const deadline = startDeadline(deadlineMs, { signal: this.#signal, doing: () => this.#doing });
    this.#signal = deadline.signal;
    try {
      await this.#tryClaim(found, images);
    } finally {
      deadline.stop();
    }
  }

  /** All that the scenario's deadline is for: the cluster's start, the steps and the checks. */
  async #tryClaim(found: FoundEngine, images: ImageSet): Promise<void> {
    const { plan, seed, scenario } = this.#options;
    const signal = this.#signal;
    const cluster = await this.#stage("cluster", async (say) => {
      const { id, undo } = this.#options;
      this.#cluster = await startCluster(found.engine, {
        id,
        plan,
        images,
        upgrades: this.#upgrades,
        labels: this.#labels(),
        undo,
        signal,
        checkMachine: (facts) => {
          const unmet = unmetByMachine(scenario.settings.requires, facts);
          if (unmet) throw new Unavailable(unmet);
        },
        onProgress: say,
      });
      return [
        this.#cluster,
        `${listed(this.#cluster.nodes.map((node) => node.name))}: ready. ${this.#ground()}`,
      ];
    });
    const context = newStepContext(cluster, {
      signal,
      seed,
      withoutFault: this.#options.withoutFault,
      leaveUnchecked: (what, because) => this.#unchecked(what, because),
    });
    const { faults } = context;
    this.#faults = faults;
    this.#measurements = context.measures.all;
    await this.#stage("steps", async () => {
      let failure: unknown;
      await this.#runSteps(context).catch((error: unknown) => {
        failure = error;
      });
      // Healed before anything else is looked at; what a fault in the healing says never hides what came first.
      const asStep = (sentence: string, work: () => Promise<void>) => this.#timedStep(sentence, work);
      const unhealed = await healAll(faults, signal, asStep);
      failure ??= unhealed;
      if (failure !== undefined) throw failure;
      return [undefined, `${this.#steps.length} steps`];
    });
    await this.#stage("checks", async () => {
      const breaks: readonly InvariantName[] = scenario.body.scenario.breaks ?? [];
      await checkInvariants(context, breaks, (step) => this.#endStep(step));
      return [undefined, "nothing was lost, nothing has died"];
    });
    if (this.#options.withoutFault) throw judgeWithoutFault(this.#options.scenario, this.#steps);
  }

  async #runSteps(context: StepContext): Promise<void> {
    const { scenario, events, beforeStep } = this.#options;
    await runSteps(scenario, context, {
      ...(beforeStep ? { beforeStep: (sentence) => beforeStep(sentence, context.cluster) } : {}),
      stepStarted: (sentence) => {
        this.#doing = sentence;
        events.stepStarted(sentence);
      },
      stepEnded: (sentence, { seconds, error, leftOut }) => {
        // `unchecked` has put its own line into the list.
        if (sentence.startsWith("not checked: ")) return;
        const outcome = error ? "failed" : leftOut ? "left out" : "passed";
        this.#endStep({ sentence, seconds, outcome });
      },
    });
  }

  async #timedStep(sentence: string, work: () => Promise<void>): Promise<void> {
    this.#doing = sentence;
    const start = performance.now();
    let outcome: StepResult["outcome"] = "failed";
    try {
      await work();
      outcome = "passed";
    } finally {
      this.#endStep({ sentence, seconds: (performance.now() - start) / 1000, outcome });
    }
  }

  #unchecked(what: string, because: string): void {
    this.#endStep({ sentence: what, outcome: "unchecked", seconds: 0, because });
  }

  #endStep(step: StepResult): void {
    this.#steps.push(step);
    this.#options.events.stepEnded(step);
  }

  async #stage<T>(stage: Stage, work: (say: (line: string) => void) => Promise<[T, string]>): Promise<T> {
    const { events } = this.#options;
    const signal = this.#signal;
    const start = performance.now();
    const end = (ok: boolean, line: string) => {
      const seconds = (performance.now() - start) / 1000;
      this.#stages[stage] = seconds;
      events.stageEnded(stage, { ok, seconds, line });
    };
    events.stageStarted(stage);
    try {
      if (stage !== "teardown" && stage !== "evidence") signal.throwIfAborted();
      const [value, line] = await work((text) => {
        this.#doing = text;
        events.progress(stage, text);
      });
      end(true, line);
      return value;
    } catch (error) {
      end(false, messageOf(error).split("\n")[0] ?? "");
      throw error;
    }
  }

  async #saveEvidence(found: FoundEngine): Promise<void> {
    const { id, evidenceFolder } = this.#options;
    await this.#stage("evidence", async () => {
      const texts = await collectEvidence(found.engine, id, evidenceFolder);
      this.#evidence = evidenceFolder;
      this.#clues = findClues(texts);
      return [undefined, evidenceFolder];
    });
  }

  async #tearDown(): Promise<void> {
    await this.#stage("teardown", async () => {
      this.#leftovers = await this.#options.undo.run();
      const line = this.#leftovers.length === 0 ? "nothing is left" : `left: ${this.#leftovers.join(", ")}`;
      return [undefined, line];
    });
  }

  #noteError(error: unknown): void {
    if (error instanceof Unavailable) this.#skipped = error.message;
    else this.#error = failureOf(error, { signal: this.#signal, up: this.#cluster !== undefined });
  }

  #labels(): Labels {
    const { version, scenario, keep } = this.#options;
    return {
      [LABEL.tool]: version,
      [LABEL.scenario]: scenario.name,
      [LABEL.owner]: ownerOf(process.pid),
      [LABEL.created]: this.#started.toISOString(),
      [LABEL.keep]: String(keep !== false),
    };
  }

  #ground(): string {
    const { facts, gpus } = this.#cluster ?? {};
    return [facts ? `cgroup ${facts.cgroup}` : "", gpus?.line ?? ""].filter(Boolean).join("; ");
  }

  /** The command that opens a shell on the login node, whichever engine it is. */
  #enter(): string {
    const { socket } = this.#found ?? {};
    const { name } = nodeWith(this.#options.plan, "login");
    const slurm = this.#cluster?.nodes.find((node) => node.name === name)?.slurmOf();
    const joined = slurm === this.#images?.slurm ? undefined : slurm;
    const login = clusterNames(this.#options.id).container(name, joined);
    return `docker ${socket ? `-H unix://${socket} ` : ""}exec -it ${login} bash`;
  }

  #verdict(): Verdict {
    if (this.#skipped !== undefined) return "skipped";
    if (!this.#error) return "passed";
    if (this.#error.kind === "interrupted") return "interrupted";
    if (this.#error.kind === "bad-input") return "bad-input";
    return this.#error.kind === "failed" ? "failed" : "broken";
  }

  result(): RunResult {
    const { scenario, plan, id, repeat, seed, slurm } = this.#options;
    const { parameters } = scenario.settings;
    return {
      schema: 1,
      scenario: scenario.name,
      title: scenario.title,
      slurm: this.#images?.slurm ?? slurm ?? plan.slurm,
      verdict: this.#verdict(),
      ...(this.#skipped ? { because: this.#skipped } : {}),
      started: this.#started.toISOString(),
      seconds: (performance.now() - this.#start) / 1000,
      ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
      stages: this.#stages,
      engine: this.#found?.line ?? "none",
      cluster: {
        id,
        nodes: plan.nodes.map((node) => `${node.name}: ${node.roles.join(", ")}`),
        images: [
          ...imageRolesOf(plan).flatMap((role) => this.#images?.tags[role] ?? []),
          ...this.#upgrades.flatMap((to) => upgradeImageRolesOf(to.plan).map((role) => to.images.tags[role])),
        ],
        ground: this.#ground(),
      },
      steps: this.#steps,
      measurements: this.#measurements,
      seed,
      withoutFault: this.#options.withoutFault,
      faults: this.#faults?.records ?? [],
      ...(this.#error ? { failure: this.#error.facts } : {}),
      clues: this.#clues,
      ...(this.#evidence ? { evidence: this.#evidence } : {}),
      repeat,
      leftovers: this.#leftovers,
      ...(this.#kept ? { enter: this.#enter() } : {}),
    };
  }
}
