import { GPU_MODES } from "@slurmlab/config-gen";
import { CATALOG, DEFAULT_SLURM } from "@slurmlab/images";
import { type Command, Option } from "commander";
import type { InRelease } from "../../cluster/container-spec.ts";
import { newSeed } from "../../cluster/names.ts";
import { EXIT, LabError } from "../../errors/lab-error.ts";
import { findScenario, type LoadedScenario, loadScenario } from "../../scenario/load.ts";
import { checkWithoutFault } from "../../scenario/without-fault.ts";
import { type Execution, execute } from "../execute.ts";
import { databaseOption, variantOption } from "../images/layers.ts";
import { checkBase } from "../images/site-base.ts";
import { formatPlan, planAsJson } from "../plan.ts";
import { SCENARIO_FOLDER } from "../project.ts";
import { beginJunit } from "../reports.ts";
import { list } from "../scenario/list.ts";
import { isMany, runMany } from "../scenario/many.ts";
import { positive, type RunFlags, repeatCommand, setOption, wholeSeed } from "../scenario/options.ts";
import { imagesOf, planFor } from "../scenario/planned-run.ts";
import { stepByStep } from "../scenario/step-by-step.ts";
import { watchAndRun } from "../scenario/watch.ts";
import { WATCHED, watchedRun } from "../scenario/watched.ts";
import { terminal } from "../terminal.ts";
import { timeScaleOption } from "../time-scale.ts";
import { scenarioSubcommands } from "./scenario-subcommands.ts";

export function scenarioCommand(program: Command, setExit: (code: number) => void): void {
  const scenario = program
    .command("scenario")
    // What stands behind a subcommand is the subcommand's.
    .enablePositionalOptions()
    .description("run a scenario on a fresh Slurm cluster; without a name, list them")
    .argument("[name]", "a scenario's name, or the path of a .yaml or .ts file")
    .option(
      "--slurm <release>",
      `Slurm release, several with commas, or all: ${CATALOG.map((line) => line.slurm).join(", ")}; with its patch level one that was built from source (default: what the scenario says, else ${DEFAULT_SLURM})`,
    )
    .addOption(
      new Option("--gpus <mode>", "where GPUs come from, whatever the scenario says").choices(GPU_MODES),
    )
    .addOption(variantOption())
    .addOption(databaseOption())
    .option("--base <image>", "a site's own image with its tag, on which Slurm is installed")
    .addOption(setOption())
    .option("--keep", "leave the cluster running and say how to get in and how to remove it")
    .option("--dry-run", "print the plan (nodes, files, images) and start nothing")
    .option("--json", "print the result as JSON; progress goes to standard error")
    .option(
      "--junit <file>",
      "write the result as JUnit XML too, for a CI system; of several runs a suite each",
    )
    .option("--verbose", "show everything, build output too")
    .option(
      "--without-fault",
      "leave out what disturbs the cluster: the scenario must fail then, or it proves nothing",
    )
    .option("--fail-on-skip", "end with 1 when a run is skipped: nothing was tried then")
    .option(
      "--seed <number>",
      "what `on: one` and other random choices start from (default: a new one each time)",
      wholeSeed,
    )
    .option("--all", "run every scenario, and print a table of them by release")
    .option("--tag <tags...>", "with --all: those with one of these tags")
    .option("--repeat <times>", "run it so many times; the first failure ends it", positive)
    .option("--until-fails", "run it again and again until it fails")
    .option("--parallel <number>", "so many runs at once, each with its own cluster (default: 1)", positive)
    .option("--watch", "run it again each time its file changes, on a new cluster that gets ready meanwhile")
    .option("--step", "on a terminal: wait before each step, with a shell on any node")
    .option("--markdown", "print the table of several runs as Markdown")
    .addOption(timeScaleOption())
    .option("-y, --yes", "answer every question with yes")
    .addHelpText("after", EXAMPLES)
    .action(async (name: string | undefined, options: RunFlags) => setExit(await act(name, options)));
  scenarioSubcommands(scenario, setExit);
}

const EXAMPLES = `
Examples:
  pnpm scenario                              list the scenarios
  pnpm scenario gpu-job                      a GPU job on Slurm ${DEFAULT_SLURM}
  pnpm scenario gpu-job --slurm 26.05        the same on another release
  pnpm scenario ./my-scenario.yaml --keep    your own, and leave the cluster there to look at
  pnpm scenario munge-down --without-fault   the same steps on a healthy cluster: it must fail
  pnpm scenario gpu-job --json > out.json    for a program to read
  pnpm scenario gpu-job --junit junit.xml    for a CI system; on GitHub the job gets a summary by itself
  pnpm scenario gpu-job --slurm all          on every release, with a table
  pnpm scenario --all --junit junit.xml      all of them, for a CI system
  pnpm scenario gpu-job --repeat 20          20 times, or until it fails
  pnpm scenario --all --tag gpu --markdown   every scenario with a tag, for a page
  pnpm scenario hello --seed 7               the same random choices as in another run
  pnpm scenario lint                         check every scenario, and start nothing

Exit codes: 0 passed or skipped (with --fail-on-skip: 1), 1 failed, 2 bad input, 3 broken or could not clean up, 130 interrupted.`;

async function act(name: string | undefined, options: RunFlags): Promise<number> {
  if (options.junit !== undefined && !options.dryRun) beginJunit(options.junit, process.env);
  if (isMany(options)) return await runMany(name, options);
  if (options.watch && options.dryRun) throw watchedPlan();
  if (options.watch && name !== undefined)
    return await watchAndRun(findScenario(name, SCENARIO_FOLDER), terminal(options).note);
  if (name === undefined) return await list(options);
  const { [WATCHED]: watched } = process.env;
  if (!watched || !process.send) return await runOne(name, options);
  return await watchedRun(
    options,
    () => executionOf(name, options),
    (execution) => executeOne(execution, options),
  );
}

async function runOne(name: string, options: RunFlags): Promise<number> {
  const execution = await executionOf(name, options);
  if (options.dryRun) {
    const out = terminal(options);
    const { scenario, plan, upgrades = [], skip } = execution;
    const set = await imagesOf(execution);
    const to: InRelease[] = [];
    for (const each of upgrades) to.push({ plan: each.plan, images: await imagesOf(each) });
    if (skip !== undefined) out.note(`would be skipped: ${skip}`);
    out.print(
      options.json
        ? JSON.stringify(planAsJson(scenario, plan, set, to), null, 2)
        : formatPlan(scenario, plan, set, to),
    );
    return EXIT.ok;
  }
  return await executeOne(execution, options);
}

/** What is to be run; all that can be wrong with it is found here. */
async function executionOf(name: string, options: RunFlags): Promise<Execution> {
  const scenario = await loadScenario(name, SCENARIO_FOLDER, options.set);
  if (options.withoutFault) checkWithoutFault(scenario);
  const { plan, release, compiled, upgrades, skip } = planFor(scenario, options);
  checkBase(options.base, compiled?.version);
  const { withoutFault = false, seed = newSeed(), base, junit } = options;
  const repeat = repeatCommand(name, { ...options, seed });
  return { scenario, plan, release, compiled, base, upgrades, skip, repeat, withoutFault, seed, junit };
}

async function executeOne(execution: Execution, options: RunFlags): Promise<number> {
  const out = terminal(options);
  const { scenario } = execution;
  if (!options.step) return execute(execution, options, out);
  if (!out.interactive) throw noTerminal();
  return execute(
    { ...execution, scenario: withoutDeadline(scenario), beforeStep: stepByStep(out) },
    options,
    out,
  );
}

/** A person who looks around takes the time that it takes. */
function withoutDeadline(scenario: LoadedScenario): LoadedScenario {
  return { ...scenario, settings: { ...scenario.settings, deadlineMs: Number.POSITIVE_INFINITY } };
}

function watchedPlan(): LabError {
  return new LabError({
    kind: "bad-input",
    message: "--watch runs, and --dry-run runs nothing",
    hint: "leave one of them out; `pnpm scenario lint` checks a file without running it",
  });
}

function noTerminal(): LabError {
  return new LabError({
    kind: "bad-input",
    message: "--step asks a person before each step, and there is no terminal",
    hint: "leave out --step and --json, and do not send the output elsewhere",
  });
}
