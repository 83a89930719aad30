import { GPU_MODES } from "@slurmlab/config-gen";
import { DEFAULT_SLURM } from "@slurmlab/images";
import { type Command, Option } from "commander";
import { down } from "../cluster/down.ts";
import { type ExportOptions, exportCompose } from "../cluster/export.ts";
import { collect } from "../cluster/gc.ts";
import { list } from "../cluster/list.ts";
import { pauseCluster } from "../cluster/pause.ts";
import { type ScaleCommandOptions, scale } from "../cluster/scale.ts";
import { type UpOptions, up } from "../cluster/up.ts";
import { databaseOption, variantOption } from "../images/layers.ts";
import { timeScaleOption } from "../time-scale.ts";
import { insideCommands } from "./cluster-inside.ts";
import { CLUSTER, ID } from "./cluster-option.ts";
import { snapshotCommands } from "./snapshot.ts";

export function clusterCommand(program: Command, setExit: (code: number) => void): void {
  const cluster = program
    .command("cluster")
    .description("start, list and remove clusters, and work in them")
    // What stands behind a program's name is the program's.
    .enablePositionalOptions();
  lifecycle(cluster, setExit);
  changes(cluster, setExit);
  snapshotCommands(cluster, setExit);
  insideCommands(cluster, setExit);
}

function lifecycle(cluster: Command, setExit: (code: number) => void): void {
  cluster
    .command("up")
    .description("start a cluster and leave it running")
    .argument("[spec]", "a preset, or the path of a specification in YAML")
    .option("--name <name>", "what to call it: other commands take the name where they take its id")
    .option(
      "--from <snapshot>",
      "go on from a snapshot, with its specification; with --slurm in a newer release",
    )
    .option(
      "--slurm <release>",
      `Slurm release, or with its patch level one that was built from source (default: what the specification or the snapshot says, else ${DEFAULT_SLURM})`,
    )
    .addOption(
      new Option("--gpus <mode>", "where GPUs come from, whatever the specification says").choices(GPU_MODES),
    )
    .addOption(variantOption())
    .addOption(databaseOption())
    .option("--base <image>", "a site's own image with its tag, on which Slurm is installed")
    .addOption(timeScaleOption())
    .option("--json", "print the result as JSON; progress goes to standard error")
    .option("--verbose", "show everything, build output too")
    .option("-y, --yes", "answer every question with yes")
    .addHelpText(
      "after",
      "\nExamples:\n  pnpm cluster up minimal\n  pnpm cluster up gpu --slurm 26.05\n  pnpm cluster up ./small.yaml --name dev\n  pnpm cluster up --from full-queue",
    )
    .action(async (spec: string | undefined, options: UpOptions) => setExit(await up(spec, options)));
  cluster
    .command("export")
    .description(
      "write a Compose file and each node's files: the cluster for docker compose, without slurmlab",
    )
    .argument("<spec>", "a preset, or the path of a specification in YAML")
    .requiredOption("--out <folder>", "where to write them")
    .option(
      "--slurm <release>",
      `Slurm release (default: what the specification says, else ${DEFAULT_SLURM})`,
    )
    .addOption(variantOption())
    .addOption(databaseOption())
    .addOption(
      new Option("--cgroup <version>", "what jobs are confined by on the machine that it will run on")
        .choices(["v1", "v2", "none"])
        .default("none"),
    )
    .option("--force", "write into a folder that is not empty")
    .addHelpText(
      "after",
      "\nExamples:\n  pnpm cluster export minimal --out ./my-cluster\n  pnpm cluster export gpu --cgroup v2 --out ./gpus",
    )
    .action(async (spec: string, options: ExportOptions) => setExit(await exportCompose(spec, options)));
  cluster
    .command("list")
    .description("list every cluster in the engine; what dead runs left behind is removed first")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExamples:\n  pnpm cluster list\n  pnpm cluster list --json")
    .action(async (options: { json?: boolean }) => setExit(await list(options)));
  cluster
    .command("down")
    .description("remove clusters and everything that belongs to them")
    .argument("[ids...]", "or names, as `pnpm cluster list` prints them")
    .option("--all", "every cluster, those of running scenarios too")
    .addHelpText(
      "after",
      "\nExamples:\n  pnpm cluster down gpu-job-k3f9x2\n  pnpm cluster down dev\n  pnpm cluster down --all",
    )
    .action(async (ids: string[], options: { all?: boolean }) => setExit(await down(ids, options)));
}

/** What a cluster goes through while it is there. */
function changes(cluster: Command, setExit: (code: number) => void): void {
  cluster
    .command("scale")
    .description("give a running cluster more workers or fewer; what runs goes on")
    .argument("<workers>", "names, how many there are to be, or how many more: c[1-8], 6, +2, -2")
    .option(...CLUSTER)
    .option("--like <worker>", "one of the kind that is meant, where there are several kinds")
    .option("--drain", "wait for the jobs of workers that go")
    .option("--force", "take workers away from their jobs, which Slurm requeues or ends with NODE_FAIL")
    .option("--json", "print JSON; progress goes to standard error")
    .addHelpText(
      "after",
      `
Names are those of their kind that are to be there in the end: with c[1-8], c9 goes, and g1 stays.
Packed workers come in containers of their own, and go with all that share one.

Examples:
  pnpm cluster scale c[1-8]
  pnpm cluster scale +2 --like g1
  pnpm cluster scale 2 --drain
  pnpm cluster scale -1 --cluster minimal-k3f9x2`,
    )
    .action(async (workers: string, options: ScaleCommandOptions) => setExit(await scale(workers, options)));
  cluster
    .command("pause")
    .description("freeze every node of a cluster")
    .argument("[id]", ID)
    .addHelpText("after", "\nExamples:\n  pnpm cluster pause\n  pnpm cluster pause dev")
    .action(async (id: string | undefined) => setExit(await pauseCluster(id, "pause")));
  cluster
    .command("resume")
    .description("let a paused cluster go on; to Slurm it is as if the clock had been put forward")
    .argument("[id]", ID)
    .addHelpText("after", "\nExamples:\n  pnpm cluster resume\n  pnpm cluster resume dev")
    .action(async (id: string | undefined) => setExit(await pauseCluster(id, "resume")));
  cluster
    .command("gc")
    .description("remove what killed runs have left behind, and say what stays and why")
    .addHelpText("after", "\nExamples:\n  pnpm cluster gc")
    .action(async () => setExit(await collect()));
}
