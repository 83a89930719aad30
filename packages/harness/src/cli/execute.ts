import { join } from "node:path";
import type { ClusterPlan } from "@slurmlab/config-gen";
import type { SlurmRelease } from "@slurmlab/images";
import { newClusterId, newSeed } from "../cluster/names.ts";
import { imageRolesOf, upgradeImageRolesOf } from "../cluster/node-images.ts";
import { startReaper } from "../cluster/reaper.ts";
import { checkStartable } from "../cluster/startable.ts";
import { type FoundEngine, findEngine } from "../engine/find.ts";
import { messageOf } from "../errors/lab-error.ts";
import { Undo } from "../errors/undo.ts";
import { exitCodeOf, type RunResult } from "../report/result.ts";
import { summarize } from "../report/summary.ts";
import type { RunEvents } from "../scenario/events.ts";
import type { LoadedScenario } from "../scenario/load.ts";
import type { RunOptions } from "../scenario/run-options.ts";
import { runScenario } from "../scenario/runner.ts";
import type { PlannedUpgrade } from "../scenario/upgrades.ts";
import type { Snapshot } from "../snapshot/record.ts";
import { imagesOfPlan } from "./images/of-plan.ts";
import { prepareImages } from "./images/prepare.ts";
import { toolInstaller } from "./images/tools.ts";
import type { CompiledSlurm } from "./images/wanted.ts";
import { plainWatch } from "./images/watch.ts";
import { onInterrupt } from "./interrupt.ts";
import { liveOutput } from "./output/live.ts";
import { plainOutput } from "./output/plain.ts";
import { OUTPUT_FOLDER, VERSION } from "./project.ts";
import { writeReports } from "./reports.ts";
import type { Standing } from "./scenario/standing.ts";
import type { Terminal } from "./terminal.ts";

/** What is to be run. */
export interface Execution {
  readonly scenario: LoadedScenario;
  readonly plan: ClusterPlan;
  readonly release: SlurmRelease;
  /** Instead of the release's own packages: a Slurm that was compiled here. */
  readonly compiled?: CompiledSlurm | undefined;
  /** A site's own image to install the release's packages on, in place of its suite. */
  readonly base?: string | undefined;
  /** What its cluster goes on from. */
  readonly snapshot?: Snapshot | undefined;
  /** Releases that its steps upgrade to. */
  readonly upgrades?: readonly PlannedUpgrade[];
  /** Why it cannot run on this Slurm. */
  readonly skip?: string | undefined;
  /** Of the run's random source; one at random when there is none. */
  readonly seed?: number;
  /** Where JUnit XML is written too. */
  readonly junit?: string | undefined;
  /** The command that does the same again. */
  readonly repeat: string;
  readonly keep?: RunOptions["keep"];
  /** What a person calls its cluster. */
  readonly clusterName?: string | undefined;
  readonly withoutFault?: boolean;
  /** Awaited before each step. */
  readonly beforeStep?: RunOptions["beforeStep"];
  /** A cluster that was started ahead. */
  readonly standing?: Standing | undefined;
}

/** How it is shown. */
export interface ExecuteOptions {
  readonly keep?: boolean;
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly yes?: boolean;
  /** A skip is a failure. */
  readonly failOnSkip?: boolean;
}

/** Runs something on a fresh cluster with progress, report and the handling of Ctrl-C; resolves to the exit code. */
export async function execute(run: Execution, options: ExecuteOptions, out: Terminal): Promise<number> {
  checkStartable(run.plan);
  const { id, undo } = run.standing ?? {
    id: newClusterId(run.clusterName ?? run.scenario.name),
    undo: new Undo(),
  };
  const plain = options.verbose || run.beforeStep;
  const live = out.interactive && !plain ? liveOutput(out.colors, false) : undefined;
  const events = live ?? plainOutput(out.note, out.colors, options.verbose ?? false);
  const reaper = startReaper();
  const interrupt = onInterrupt([{ id, undo }], out.note);
  const { signal } = interrupt;
  const { result, file } = await runAndReport(
    { ...run, keep: run.keep ?? options.keep ?? false },
    { id, undo, events, signal, out, findEngine: () => engineFor(events, out, signal) },
  );
  await live?.done();
  interrupt.done();
  if (result.leftovers.length === 0) reaper.done();
  if (options.json) out.print(JSON.stringify(result, null, 2));
  else out.print(summarize(result, file, out.colors));
  return exitCodeOf(result, options);
}

/** What a run needs of its surroundings. */
export interface RunSurroundings {
  readonly id: string;
  readonly undo: Undo;
  readonly events: RunEvents;
  readonly signal: AbortSignal;
  readonly out: Terminal;
  readonly findEngine: () => Promise<FoundEngine>;
  /** Lets runs that go on at once make images one after the other: two builds of one image would be one too many. */
  readonly inTurn?: (<T>(work: () => Promise<T>) => Promise<T>) | undefined;
}

/** The engine, started or installed when there is none. */
export function engineFor(events: RunEvents, out: Terminal, signal: AbortSignal): Promise<FoundEngine> {
  const say = (line: string) => events.progress("engine", line);
  return findEngine(process.env, { say, confirm: out.confirm, signal });
}

/** One run, and its report written into its folder. */
export async function runAndReport(
  run: Execution,
  { id, undo, events, signal, out, findEngine, inTurn = (work) => work() }: RunSurroundings,
): Promise<{ result: RunResult; file: string }> {
  const { scenario, plan, upgrades = [], skip } = run;
  const say = (line: string) => events.progress("images", line);
  const watch = plainWatch(say, events.detail);
  const building = { watch, ensureTool: toolInstaller(out, { say, signal }), signal };
  const folder = join(OUTPUT_FOLDER, "runs", id);
  const record = await runScenario({
    scenario,
    plan,
    id,
    version: VERSION,
    seed: run.seed ?? newSeed(),
    slurm: run.compiled?.version,
    beforeStep: run.beforeStep,
    keep: run.keep ?? false,
    clusterName: run.clusterName,
    repeat: run.repeat,
    withoutFault: run.withoutFault ?? false,
    snapshot: run.snapshot,
    standing: run.standing,
    evidenceFolder: join(folder, "evidence"),
    findEngine,
    prepareImages: async ({ engine }) => {
      const { set, line } = await imagesOfPlan(engine, run, signal);
      if (line) say(line);
      return inTurn(() => prepareImages(engine, set, imageRolesOf(plan), building));
    },
    upgrades: upgrades.map((to) => ({
      plan: to.plan,
      prepareImages: async ({ engine }) => {
        const { set } = await imagesOfPlan(engine, to, signal);
        return inTurn(() => prepareImages(engine, set, upgradeImageRolesOf(to.plan), building));
      },
    })),
    skip,
    events,
    signal,
    undo,
  });
  const { result } = record;
  const where = { junit: run.junit, env: process.env, annotate: out.annotate };
  const file = await writeReports(record, folder, where).catch((error) => {
    out.note(`the report could not be written: ${messageOf(error)}`);
    return "could not be written";
  });
  return { result, file };
}
