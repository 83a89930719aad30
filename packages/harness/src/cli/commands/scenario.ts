import {
  type ClusterPlan,
  formatProblem,
  GPU_MODES,
  type GpuMode,
  planCluster,
  type Variant,
} from "@slurmlab/config-gen";
import {
  CATALOG,
  DEFAULT_SLURM,
  findRelease,
  type ImageSet,
  imageSet,
  type SlurmRelease,
  variantProblems,
} from "@slurmlab/images";
import { type Command, Option } from "commander";
import { newSeed } from "../../cluster/names.ts";
import { lookForEngine } from "../../engine/find.ts";
import { LabError } from "../../errors/lab-error.ts";
import { type Given, type LoadedScenario, loadScenario } from "../../scenario/load.ts";
import { patched } from "../../scenario/without.ts";
import { checkWithoutFault } from "../../scenario/without-fault.ts";
import { execute } from "../execute.ts";
import { checkBase, siteBase } from "../images/site-base.ts";
import { variantOption, withVariant } from "../images/variant.ts";
import { type CompiledSlurm, compiledSlurm } from "../images/wanted.ts";
import { formatPlan, planAsJson, withGpuMode } from "../plan.ts";
import { SCENARIO_FOLDER } from "../project.ts";
import { list } from "../scenario/list.ts";
import { repeatCommand, setOption, wholeSeed } from "../scenario/options.ts";
import { terminal } from "../terminal.ts";
import { scenarioSubcommands } from "./scenario-subcommands.ts";

interface Options {
  readonly slurm?: string;
  readonly gpus?: GpuMode;
  readonly variant?: Variant;
  readonly base?: string;
  readonly keep?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly yes?: boolean;
  readonly withoutFault?: boolean;
  readonly set?: Given;
  readonly seed?: number;
}

export function scenarioCommand(program: Command, setExit: (code: number) => void): void {
  const scenario = program
    .command("scenario")
    // What stands behind a subcommand is the subcommand's.
    .enablePositionalOptions()
    .description("run a scenario on a fresh Slurm cluster; without a name, list them")
    .argument("[name]", "a scenario's name, or the path of a .yaml or .ts file")
    .option(
      "--slurm <release>",
      `Slurm release: ${CATALOG.map((line) => line.slurm).join(", ")}; with its patch level one that was built from source (default: what the scenario says, else ${DEFAULT_SLURM})`,
    )
    .addOption(
      new Option("--gpus <mode>", "where GPUs come from, whatever the scenario says").choices(GPU_MODES),
    )
    .addOption(variantOption())
    .option("--base <image>", "a site's own image with its tag, on which Slurm is installed")
    .addOption(setOption())
    .option("--keep", "leave the cluster running and say how to get in and how to remove it")
    .option("--dry-run", "print the plan (nodes, files, images) and start nothing")
    .option("--json", "print the result as JSON; progress goes to standard error")
    .option("--verbose", "show everything, build output too")
    .option(
      "--without-fault",
      "leave out what disturbs the cluster: the scenario must fail then, or it proves nothing",
    )
    .option(
      "--seed <number>",
      "what `on: one` and other random choices start from (default: a new one each time)",
      wholeSeed,
    )
    .option("-y, --yes", "answer every question with yes")
    .addHelpText("after", EXAMPLES)
    .action(async (name: string | undefined, options: Options) => {
      setExit(name === undefined ? await list(options) : await runOne(name, options));
    });
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
  pnpm scenario hello --seed 7               the same random choices as in another run
  pnpm scenario lint                         check every scenario, and start nothing

Exit codes: 0 passed or skipped, 1 failed, 2 bad input, 3 broken or could not clean up, 130 interrupted.`;

async function runOne(name: string, options: Options): Promise<number> {
  const out = terminal(options);
  const scenario = await loadScenario(name, SCENARIO_FOLDER, options.set);
  if (options.withoutFault) checkWithoutFault(scenario);
  const { plan, release, compiled } = planFor(scenario, options);
  checkBase(options.base, compiled?.version);
  if (options.dryRun) {
    const set = withVariant(await imagesOf(release, compiled, options.base), plan.variant);
    out.print(
      options.json
        ? JSON.stringify(planAsJson(scenario, plan, set), null, 2)
        : formatPlan(scenario, plan, set),
    );
    return 0;
  }
  const { withoutFault = false, seed = newSeed(), base } = options;
  const repeat = repeatCommand(name, { ...options, seed });
  return execute({ scenario, plan, release, compiled, base, repeat, withoutFault, seed }, options, out);
}

/** The scenario's cluster with the command line's wishes on top; all problems at once. */
function planFor(
  scenario: LoadedScenario,
  options: Options,
): { plan: ClusterPlan; release: SlurmRelease; compiled: CompiledSlurm | undefined } {
  const { cluster, without } = scenario.body.scenario;
  const spec = options.withoutFault && without ? patched(cluster, without) : cluster;
  const compiled = compiledSlurm(options.slurm);
  const slurm = compiled?.release ?? options.slurm;
  const wished = { ...(slurm ? { slurm } : {}), ...(options.variant ? { variant: options.variant } : {}) };
  const planned = planCluster({ ...spec, ...wished }, { defaultSlurm: DEFAULT_SLURM, path: "cluster" });
  const problems = planned.ok ? [] : [...planned.problems];
  const release = planned.ok ? findRelease(planned.plan.slurm) : undefined;
  if (release && "severity" in release) problems.push(release);
  else if (release && planned.ok && !compiled)
    problems.push(...variantProblems(planned.plan.variant, release.suite));
  if (problems.length > 0 || !planned.ok || !release || "severity" in release) {
    throw new LabError({
      kind: "bad-input",
      message: problems.map(formatProblem).join("\n"),
      where: scenario.file,
    });
  }
  return { plan: withGpuMode(planned.plan, options.gpus), release, compiled };
}

/** The images of a plan that is only shown. An engine is asked where it alone knows them, and is not started. */
async function imagesOf(
  release: SlurmRelease,
  compiled: CompiledSlurm | undefined,
  base: string | undefined,
): Promise<ImageSet> {
  // Tags depend on the engine's architecture, which is taken to be this machine's.
  if (!compiled && !base) return imageSet(release, process.arch === "x64" ? "amd64" : process.arch);
  const found = await lookForEngine(process.env);
  if (!found)
    throw new LabError({
      kind: "bad-input",
      message: `${compiled ? `which images Slurm ${compiled.version} has` : `what ${base} is`} is kept in the container engine, and none runs`,
      hint: "pnpm engine start",
    });
  const { engine } = found;
  if (compiled) return (await compiled.images(engine)).set;
  const site = await siteBase(engine, base, new AbortController().signal);
  return imageSet(release, engine.architecture, site ? { base: site } : {});
}
