import { GPU_MODES } from "@slurmlab/config-gen";
import { DEFAULT_SLURM } from "@slurmlab/images";
import { type Command, InvalidArgumentError, Option } from "commander";
import { copy } from "../cluster/cp.ts";
import { diagnoseCluster } from "../cluster/diagnose.ts";
import { down } from "../cluster/down.ts";
import { type EnvOptions, environment } from "../cluster/env.ts";
import { type ExecOptions, execOn, shellOn } from "../cluster/exec.ts";
import { type ExportOptions, exportCompose } from "../cluster/export.ts";
import { type ForwardOptions, forward } from "../cluster/forward.ts";
import { collect } from "../cluster/gc.ts";
import { list } from "../cluster/list.ts";
import { type LogsOptions, showLogs } from "../cluster/logs.ts";
import { pauseCluster } from "../cluster/pause.ts";
import { type ScaleCommandOptions, scale } from "../cluster/scale.ts";
import { status } from "../cluster/status.ts";
import { type UpOptions, up } from "../cluster/up.ts";
import { databaseOption, variantOption } from "../images/layers.ts";
import { timeScaleOption } from "../time-scale.ts";
import { CLUSTER } from "./cluster-option.ts";
import { EXITS } from "./diagnose.ts";
import { snapshotCommands } from "./snapshot.ts";

const ID = "as `pnpm cluster list` prints it; not needed when there is one";
const USER = [
  "-u, --user <name>",
  "as whom, such as ada, the cluster's ordinary user (default: root)",
] as const;

export function clusterCommand(program: Command, setExit: (code: number) => void): void {
  const cluster = program
    .command("cluster")
    .description("start, list and remove clusters, and work in them")
    // What stands behind a program's name is the program's.
    .enablePositionalOptions();
  lifecycle(cluster, setExit);
  snapshotCommands(cluster, setExit);
  looking(cluster, setExit);
  cluster
    .command("shell")
    .description("open a shell on a node")
    .argument("[node]", "its name (default: the login node)")
    .option(...CLUSTER)
    .option(...USER)
    .addHelpText(
      "after",
      "\nExamples:\n  pnpm cluster shell\n  pnpm cluster shell c1\n  pnpm cluster shell --user ada",
    )
    .action(async (node: string | undefined, options: ExecOptions) => setExit(await shellOn(node, options)));
  cluster
    .command("exec")
    .description("run a program on a node; the exit code is the program's")
    .argument("<node>", "its name")
    .argument("<command...>", "the program and its arguments")
    .option(...CLUSTER)
    .option(...USER)
    .option("-i, --stdin", "hand on what is piped in")
    .passThroughOptions()
    .addHelpText(
      "after",
      "\nExamples:\n  pnpm cluster exec login sinfo -N\n  pnpm cluster exec -u ada login srun -N2 hostname\n  cat job.sh | pnpm cluster exec -i -u ada login sbatch",
    )
    .action(async (node: string, argv: string[], options: ExecOptions) =>
      setExit(await execOn(node, argv, options)),
    );
  cluster
    .command("forward")
    .description("carry connections from a port of this machine (127.0.0.1 alone) to a node, until Ctrl-C")
    .argument("<port>", "rest, jupyter, ssh, PORT (of the login node), or NODE:PORT")
    .option(...CLUSTER)
    .option("-u, --user <name>", "ssh: as whom", "ada")
    .option("--key <file>", "ssh: the public key to let in (default: the first of ~/.ssh/id_*.pub)")
    .option("--local <port>", "the port of this machine (default: any that is free)", portOf)
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  pnpm cluster forward rest --local 6820\n  pnpm cluster forward ssh --user ada\n  pnpm cluster forward c1:9100",
    )
    .action(async (port: string, options: ForwardOptions) => setExit(await forward(port, options)));
  cluster
    .command("logs")
    .description("show the logs of all daemons, or of one, in the order of time")
    .argument("[daemon]", "slurmctld, slurmdbd, slurmd, slurmrestd, munged, mariadbd, supervisor")
    .option(...CLUSTER)
    .option("--on <node>", "of one node")
    .option("-n, --lines <number>", "the last of them", countOf, 100)
    .option("-f, --follow", "go on with what comes, until Ctrl-C")
    .option("--json", "a JSON object a line")
    .addHelpText(
      "after",
      "\nExamples:\n  pnpm cluster logs\n  pnpm cluster logs slurmctld --follow\n  pnpm cluster logs slurmd --on c1 --lines 20",
    )
    .action(async (daemon: string | undefined, options: LogsOptions) =>
      setExit(await showLogs(daemon, options)),
    );
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
      setExit(await diagnoseCluster(id, options)),
    );
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

function looking(cluster: Command, setExit: (code: number) => void): void {
  cluster
    .command("status")
    .description("show a cluster's nodes, daemons and jobs; exit 1 when something is not well")
    .argument("[id]", ID)
    .option("-w, --watch", "on a terminal: again each second, until Ctrl-C")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  pnpm cluster status\n  pnpm cluster status --watch\n  pnpm cluster status gpu-k3f9x2 --json",
    )
    .action(async (id: string | undefined, options: { json?: boolean; watch?: boolean }) =>
      setExit(await status(id, options)),
    );
  cluster
    .command("cp")
    .description("copy a file or folder into a node or out of it")
    .argument("<from>", "NODE:/PATH, or a path of this machine")
    .argument("<to>", "the same; into a folder when it is one")
    .option(...CLUSTER)
    .addHelpText(
      "after",
      "\nExamples:\n  pnpm cluster cp job.sh login:/home/ada\n  pnpm cluster cp ctl:/var/log/slurm ./logs",
    )
    .action(async (from: string, to: string, options: { cluster?: string }) =>
      setExit(await copy(from, to, options)),
    );
  cluster
    .command("env")
    .description("print what a program outside needs: slurmrestd's address, a token, and a client's files")
    .argument("[id]", ID)
    .option("-u, --user <name>", "whose token", "ada")
    .option("--out <folder>", "write slurm.conf and the munge key there, for a client container")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      '\nExamples:\n  eval "$(pnpm --silent cluster env)"\n  pnpm cluster env --out ./client',
    )
    .action(async (id: string | undefined, options: EnvOptions) => setExit(await environment(id, options)));
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
    .action(async (id: string | undefined) => setExit(await pauseCluster(id, "pause")));
  cluster
    .command("resume")
    .description("let a paused cluster go on; to Slurm it is as if the clock had been put forward")
    .argument("[id]", ID)
    .action(async (id: string | undefined) => setExit(await pauseCluster(id, "resume")));
  cluster
    .command("gc")
    .description("remove what killed runs have left behind, and say what stays and why")
    .action(async () => setExit(await collect()));
}

function portOf(text: string): number {
  const port = countOf(text);
  if (port < 1 || port > 65_535) throw new InvalidArgumentError("expected a port, 1 to 65535");
  return port;
}

function countOf(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("expected a whole number");
  return Number(text);
}
