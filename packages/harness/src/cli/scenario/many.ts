import { CATALOG } from "@slurmlab/images";
import { newClusterId, newSeed } from "../../cluster/names.ts";
import { startReaper } from "../../cluster/reaper.ts";
import { checkStartable } from "../../cluster/startable.ts";
import type { FoundEngine } from "../../engine/find.ts";
import { EXIT, LabError } from "../../errors/lab-error.ts";
import { Undo } from "../../errors/undo.ts";
import type { NotPlanned } from "../../report/junit.ts";
import type { RunResult } from "../../report/result.ts";
import { formatTable, formatTimes, type RunRow, rowOf, worstExit } from "../../report/table.ts";
import { type LoadedScenario, loadScenario } from "../../scenario/load.ts";
import { checkWithoutFault } from "../../scenario/without-fault.ts";
import { type Execution, engineFor, runAndReport } from "../execute.ts";
import { checkBase } from "../images/site-base.ts";
import { onInterrupt, type RunningCluster } from "../interrupt.ts";
import { plainOutput } from "../output/plain.ts";
import { SCENARIO_FOLDER } from "../project.ts";
import { writeJunit } from "../reports.ts";
import { type Terminal, terminal } from "../terminal.ts";
import { scenariosWith } from "./list.ts";
import { type RunFlags, repeatCommand } from "./options.ts";
import { planFor } from "./planned-run.ts";

/** Whether the flags ask for more than one run. */
export function isMany(flags: RunFlags): boolean {
  const several = flags.slurm === "all" || flags.slurm?.includes(",");
  return Boolean(flags.all || flags.repeat || flags.untilFails || several);
}

/** One run to come: what it is called by, and on which release. */
interface Wanted {
  readonly call: string;
  readonly scenario: LoadedScenario;
  /** As the scenario says, when nothing else is wanted. */
  readonly slurm: string | undefined;
}

/** Runs scenarios by releases, or one again and again; prints a table, and resolves to the worst exit code. */
export async function runMany(name: string | undefined, flags: RunFlags): Promise<number> {
  checkFlags(name, flags);
  const out = terminal(flags);
  const wanted = await wantedRuns(name, flags);
  const rows: RunRow[] = [];
  const runs = flags.untilFails ? repeated(wanted) : repeated(wanted, flags.repeat ?? 1);
  // A matrix is run to its end; what is repeated ends with the first failure.
  const stopsEarly = flags.untilFails === true || flags.repeat !== undefined;
  const running: RunningCluster[] = [];
  const reaper = startReaper();
  const interrupt = onInterrupt(running, out.note);
  const runner = new Runner(flags, out, running, interrupt.signal);
  const total = flags.untilFails ? "" : ` of ${wanted.length * (flags.repeat ?? 1)}`;
  const work = async () => {
    for (const next of runs) {
      const over = stopsEarly && rows.some((row) => row.exitCode !== EXIT.ok);
      if (over || interrupt.signal.aborted) return;
      const row = await runner.run(next);
      rows.push(row);
      // After each: what has ended is in it, whatever becomes of the rest.
      if (flags.junit) writeJunit(flags.junit, runner.runs, process.env);
      const because = row.because ? `: ${row.because}` : "";
      out.note(
        `[${rows.length}${total}] ${row.scenario} on ${row.slurm}: ${row.verdict} (${row.seconds.toFixed(1)} s)${because}`,
      );
    }
  };
  await Promise.all(Array.from({ length: flags.parallel ?? 1 }, work));
  interrupt.done();
  // A run that has left something is broken.
  if (rows.every((row) => row.exitCode !== EXIT.broken)) reaper.done();
  if (flags.json) out.print(JSON.stringify(rows, null, 2));
  else {
    if (!stopsEarly) out.print(`\n${formatTable(rows, flags.markdown ?? false)}`);
    out.print(`\n${formatTimes(rows)}`);
    for (const row of rows.filter((each) => each.exitCode !== EXIT.ok)) out.print(`again: ${row.repeat}`);
  }
  return interrupt.signal.aborted ? EXIT.interrupted : worstExit(rows.map((row) => row.exitCode));
}

/** Runs one after the other or beside each other, on one engine; images are made one set at a time. */
class Runner {
  readonly #flags: RunFlags;
  readonly #out: Terminal;
  readonly #running: RunningCluster[];
  readonly #signal: AbortSignal;
  /** Those that have ended, where JUnit XML is wanted: each holds its whole journal. */
  readonly runs: Array<RunResult | NotPlanned> = [];
  #engine: Promise<FoundEngine> | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(flags: RunFlags, out: Terminal, running: RunningCluster[], signal: AbortSignal) {
    [this.#flags, this.#out, this.#running, this.#signal] = [flags, out, running, signal];
  }

  async run({ call, scenario, slurm }: Wanted): Promise<RunRow> {
    const flags = this.#flags;
    const seed = flags.seed ?? newSeed();
    const repeat = repeatCommand(call, { ...flags, slurm, seed });
    const out = this.#out;
    const title = `${scenario.name} ${slurm ?? ""}`.trim();
    const events = plainOutput(
      (line) => out.note(`${title.padEnd(16)} ${line}`),
      out.colors,
      flags.verbose ?? false,
    );
    let execution: Execution;
    try {
      if (flags.withoutFault) checkWithoutFault(scenario);
      const { plan, release, compiled, upgrades, skip } = planFor(scenario, { ...flags, slurm });
      checkStartable(plan);
      checkBase(flags.base, compiled?.version);
      const { withoutFault = false, base } = flags;
      execution = { scenario, plan, release, compiled, base, upgrades, skip, seed, repeat, withoutFault };
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      const row = notPlanned(scenario.name, slurm, error, repeat);
      this.runs.push({ scenario: row.scenario, slurm: row.slurm, because: row.because, repeat });
      return row;
    }
    const cluster = { id: newClusterId(scenario.name), undo: new Undo() };
    this.#running.push(cluster);
    const { result, file } = await runAndReport(execution, {
      ...cluster,
      events,
      out,
      signal: this.#signal,
      inTurn: (work) => {
        const turn = this.#turn.then(work);
        this.#turn = turn.catch(() => {});
        return turn;
      },
      findEngine: () => {
        this.#engine ??= engineFor(events, out, this.#signal);
        return this.#engine;
      },
    });
    this.#running.splice(this.#running.indexOf(cluster), 1);
    if (flags.junit) this.runs.push(result);
    return rowOf(result, file, flags);
  }
}

function notPlanned(
  scenario: string,
  slurm: string | undefined,
  error: LabError,
  repeat: string,
): RunRow & { readonly because: string } {
  const because = error.message.split("\n")[0] ?? "";
  const { exitCode } = error;
  return { scenario, slurm: slurm ?? "?", verdict: "bad-input", exitCode, seconds: 0, because, repeat };
}

async function wantedRuns(name: string | undefined, flags: RunFlags): Promise<Wanted[]> {
  const scenarios =
    name === undefined
      ? (await scenariosWith(flags.tag)).map((scenario) => ({ call: scenario.name, scenario }))
      : [{ call: name, scenario: await loadScenario(name, SCENARIO_FOLDER, flags.set) }];
  const releases = releasesIn(flags.slurm);
  return scenarios.flatMap((each) => releases.map((slurm) => ({ ...each, slurm })));
}

/** What `--slurm` names; the one that each scenario is for when it is not given. */
function releasesIn(slurm: string | undefined): Array<string | undefined> {
  if (slurm === "all") return CATALOG.map((release) => release.slurm);
  return slurm === undefined ? [undefined] : [...new Set(slurm.split(",").map((each) => each.trim()))];
}

function* repeated(wanted: readonly Wanted[], times = Number.POSITIVE_INFINITY): Generator<Wanted> {
  for (let i = 0; i < times; i++) yield* wanted;
}

function checkFlags(name: string | undefined, flags: RunFlags): void {
  const refuse = (message: string, hint: string) => {
    throw new LabError({ kind: "bad-input", message, hint });
  };
  if (name === undefined && !flags.all) refuse("which scenario?", "name one, or give --all");
  if (name !== undefined && flags.all)
    refuse(`--all runs every scenario, not only ${name}`, "leave one of them out");
  if (name !== undefined && flags.tag) refuse("--tag chooses among all scenarios", "give --all and no name");
  if (flags.all && flags.set) refuse("--set is for one scenario's parameters", "name the scenario");
  if (flags.watch) refuse("--watch is for one run", "name one scenario and one release");
  if (flags.step) refuse("--step is for one run", "name one scenario and one release");
  if (flags.keep) refuse("--keep is for one run", "run the one that you want to look at by itself");
  if (flags.dryRun) refuse("--dry-run is for one run", "name one scenario and one release");
  if (flags.untilFails && flags.repeat) refuse("--until-fails has no number of times", "leave --repeat out");
}
