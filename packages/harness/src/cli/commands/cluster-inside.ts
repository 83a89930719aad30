import { type Command, InvalidArgumentError } from "commander";
import { copy } from "../cluster/cp.ts";
import { diagnoseCluster } from "../cluster/diagnose.ts";
import { type EnvOptions, environment } from "../cluster/env.ts";
import { type ExecOptions, execOn, shellOn } from "../cluster/exec.ts";
import { type ForwardOptions, forward } from "../cluster/forward.ts";
import { type LogsOptions, showLogs } from "../cluster/logs.ts";
import { status } from "../cluster/status.ts";
import { CLUSTER, ID } from "./cluster-option.ts";
import { EXITS } from "./diagnose.ts";

const USER = [
  "-u, --user <name>",
  "as whom, such as ada, the cluster's ordinary user (default: root)",
] as const;

/** Commands that look into a cluster, work in its nodes, or lead into them from outside. */
export function insideCommands(cluster: Command, setExit: (code: number) => void): void {
  working(cluster, setExit);
  looking(cluster, setExit);
  fromOutside(cluster, setExit);
}

function working(cluster: Command, setExit: (code: number) => void): void {
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

function fromOutside(cluster: Command, setExit: (code: number) => void): void {
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
