import { join } from "node:path";
import { compressHostlist, GPU_MODES, type GpuMode, nearest, type Variant } from "@slurmlab/config-gen";
import { DEFAULT_SLURM } from "@slurmlab/images";
import { type Command, Option } from "commander";
import { type FoundCluster, listClusters, removeCluster, sweep } from "../../cluster/sweep.ts";
import { workersUp } from "../../cluster/workers.ts";
import { lookForEngine } from "../../engine/find.ts";
import { LABEL } from "../../engine/labels.ts";
import { EXIT, LabError } from "../../errors/lab-error.ts";
import { saveEvidence } from "../../evidence/collect.ts";
import { logFiles, readClusterFiles } from "../../evidence/node-files.ts";
import { diagnose } from "../../report/diagnosis.ts";
import { environment } from "../../report/environment.ts";
import { shownFiles } from "../../report/record.ts";
import type { LoadedScenario } from "../../scenario/load.ts";
import { DEFAULT_SETTINGS } from "../../scenario/settings.ts";
import { loadSpec } from "../config/spec-file.ts";
import { tellDiagnosis } from "../diagnosis.ts";
import { type ExecuteOptions, execute } from "../execute.ts";
import { checkBase } from "../images/site-base.ts";
import { variantOption } from "../images/variant.ts";
import { withGpuMode } from "../plan.ts";
import { OUTPUT_FOLDER, VERSION } from "../project.ts";
import { terminal } from "../terminal.ts";
import { EXITS } from "./diagnose.ts";

export function clusterCommand(program: Command, setExit: (code: number) => void): void {
  const cluster = program.command("cluster").description("start, list and remove clusters");
  cluster
    .command("up")
    .description("start a cluster and leave it running")
    .argument("<spec>", "a preset, or the path of a specification in YAML")
    .option(
      "--slurm <release>",
      `Slurm release, or with its patch level one that was built from source (default: what the specification says, else ${DEFAULT_SLURM})`,
    )
    .addOption(
      new Option("--gpus <mode>", "where GPUs come from, whatever the specification says").choices(GPU_MODES),
    )
    .addOption(variantOption())
    .option("--base <image>", "a site's own image with its tag, on which Slurm is installed")
    .option("--json", "print the result as JSON; progress goes to standard error")
    .option("--verbose", "show everything, build output too")
    .option("-y, --yes", "answer every question with yes")
    .addHelpText(
      "after",
      "\nExamples:\n  pnpm cluster up minimal\n  pnpm cluster up gpu --slurm 26.05\n  pnpm cluster up ./small.yaml",
    )
    .action(async (spec: string, options: UpOptions) => setExit(await up(spec, options)));
  cluster
    .command("list")
    .description("list every cluster in the engine; what dead runs left behind is removed first")
    .option("--json", "print JSON")
    .action(async (options: { json?: boolean }) => setExit(await list(options)));
  cluster
    .command("down")
    .description("remove clusters and everything that belongs to them")
    .argument("[ids...]", "as `pnpm cluster list` prints them")
    .option("--all", "every cluster, those of running scenarios too")
    .addHelpText("after", "\nExamples:\n  pnpm cluster down gpu-job-k3f9x2\n  pnpm cluster down --all")
    .action(async (ids: string[], options: { all?: boolean }) => setExit(await down(ids, options)));
  cluster
    .command("diagnose")
    .description("look through a running cluster's logs for known symptoms, and save its evidence")
    .argument("[id]", "as `pnpm cluster list` prints it; not needed when there is one")
    .option("--json", "print what was found as JSON")
    .addHelpText(
      "after",
      `\nExamples:\n  pnpm cluster diagnose\n  pnpm cluster diagnose gpu-job-k3f9x2 --json\n\n${EXITS}`,
    )
    .action(async (id: string | undefined, options: { json?: boolean }) =>
      setExit(await ofCluster(id, options)),
    );
}

interface UpOptions extends ExecuteOptions {
  readonly slurm?: string;
  readonly gpus?: GpuMode;
  readonly variant?: Variant;
  readonly base?: string;
}

/** A run without steps, whose cluster stays. */
async function up(wanted: string, options: UpOptions): Promise<number> {
  const { name, plan, release, compiled } = loadSpec(wanted, options);
  const workers = compressHostlist(workersUp(plan));
  const title = `The cluster of ${wanted} is ready: Slurm ${compiled?.version ?? plan.slurm}, workers ${workers}`;
  checkBase(options.base, compiled?.version);
  const scenario: LoadedScenario = {
    name,
    file: wanted,
    title,
    settings: DEFAULT_SETTINGS,
    body: {
      language: "yaml",
      scenario: { title, cluster: { nodes: [] }, without: undefined, breaks: [], steps: [] },
    },
  };
  const flags = [
    options.slurm ? `--slurm ${options.slurm}` : "",
    options.gpus ? `--gpus ${options.gpus}` : "",
    options.variant ? `--variant ${options.variant}` : "",
    options.base ? `--base ${options.base}` : "",
  ];
  const repeat = ["pnpm cluster up", wanted, ...flags.filter(Boolean)].join(" ");
  const run = {
    scenario,
    plan: withGpuMode(plan, options.gpus),
    release,
    compiled,
    base: options.base,
    repeat,
    keep: "when-ready" as const,
  };
  return execute(run, options, terminal(options));
}

async function list(options: { json?: boolean }): Promise<number> {
  const out = terminal(options);
  const found = await lookForEngine(process.env);
  if (!found) {
    out.print(options.json ? "[]" : "no clusters: no container engine runs");
    return EXIT.ok;
  }
  const swept = await sweep(found.engine);
  for (const gone of swept.removed) out.note(`removed what a dead run left behind: ${gone.id}`);
  const clusters = await listClusters(found.engine);
  if (options.json) out.print(JSON.stringify(clusters.map(summary), null, 2));
  else out.print(clusters.length === 0 ? "no clusters" : clusters.map(describe).join("\n"));
  for (const failure of swept.failures) out.note(`could not be removed: ${failure}`);
  return swept.failures.length > 0 ? EXIT.broken : EXIT.ok;
}

/** Works from labels, so on half a cluster and on one whose run is dead. */
async function ofCluster(id: string | undefined, options: { json?: boolean }): Promise<number> {
  const out = terminal(options);
  const found = await lookForEngine(process.env);
  const clusters = found ? await listClusters(found.engine) : [];
  const wanted =
    id === undefined && clusters.length === 1 ? clusters[0] : clusters.find((one) => one.id === id);
  if (!found || !wanted) {
    throw new LabError({
      kind: "bad-input",
      message: id === undefined ? "which cluster?" : `no cluster "${id}"`,
      expected: clusters.map((one) => one.id).join(", ") || "there are none",
    });
  }
  const nodes = await readClusterFiles(found.engine, wanted.id);
  const evidence = join(OUTPUT_FOLDER, "diagnoses", wanted.id);
  await saveEvidence(found.engine, nodes, evidence);
  out.note(`evidence       ${evidence}\n`);
  const diagnosis = diagnose(wanted.id, logFiles(nodes), {
    configuration: shownFiles(nodes),
    environment: { ...environment(VERSION), "container engine": found.line, Slurm: wanted.slurm },
    repeat: `pnpm cluster diagnose ${wanted.id}`,
  });
  return await tellDiagnosis(diagnosis, options, out);
}

async function down(ids: readonly string[], options: { all?: boolean }): Promise<number> {
  const out = terminal({});
  if (ids.length === 0 && !options.all) {
    throw new LabError({
      kind: "bad-input",
      message: "which cluster?",
      hint: "name one (`pnpm cluster list`), or give --all",
    });
  }
  const found = await lookForEngine(process.env);
  const clusters = found ? await listClusters(found.engine) : [];
  const unknown = ids.find((id) => !clusters.some((cluster) => cluster.id === id));
  if (unknown !== undefined) {
    const known = clusters.map((cluster) => cluster.id);
    const near = nearest(unknown, known);
    throw new LabError({
      kind: "bad-input",
      message: `no cluster "${unknown}"`,
      expected: known.join(", ") || "there are none",
      ...(near ? { hint: `did you mean "${near}"?` } : {}),
    });
  }
  if (!found) return EXIT.ok;
  const failures: string[] = [];
  for (const cluster of clusters.filter((each) => options.all || ids.includes(each.id))) {
    const left = await removeCluster(found.engine, cluster);
    failures.push(...left);
    out.print(left.length === 0 ? `removed ${cluster.id}` : `not all of ${cluster.id} is gone`);
  }
  for (const failure of failures) out.note(`could not be removed: ${failure}`);
  return failures.length > 0 ? EXIT.broken : EXIT.ok;
}

function summary(cluster: FoundCluster) {
  const nodes = cluster.parts.filter((part) => part.kind === "container");
  return {
    id: cluster.id,
    state: cluster.state,
    slurm: cluster.slurm,
    scenario: cluster.scenario,
    created: cluster.created,
    nodes: nodes.map((node) => ({
      name: node.labels[LABEL.node] ?? node.name,
      container: node.name,
      state: node.state,
    })),
  };
}

function describe(cluster: FoundCluster): string {
  const { id, state, slurm, nodes, created } = summary(cluster);
  const names = nodes.map((node) => node.name).sort();
  return `${id}  Slurm ${slurm}  ${state}  ${names.length > 0 ? compressHostlist(names) : "no nodes"}  since ${created}`;
}
