import { compressHostlist } from "@slurmlab/config-gen";
import { LabError } from "../errors/lab-error.ts";
import type { Cluster } from "./cluster.ts";
import { startDaemon } from "./daemons.ts";
import { ForeseenEnds } from "./foreseen-ends.ts";
import type { Node } from "./node.ts";
import { type Daemon, partsOf } from "./roles.ts";

type DaemonName = Daemon["name"];

/** Longest that a daemon may take to end when it is told to, in seconds: slurmdbd finishes its queries first. */
const STOP_SECONDS = 30;

/**
 * Stops, kills, freezes and starts single daemons of a running cluster; a job that runs on the node goes on. Every end
 * that is brought about here is foreseen, so that it is not taken for a crash.
 */
export class DaemonControl {
  readonly ends = new ForeseenEnds();
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Ends it with SIGTERM and waits until it has ended; nothing happens when it does not run. */
  async stop(node: Node, daemon: DaemonName): Promise<void> {
    if (!(await this.runs(node, daemon))) return;
    this.#foresee(node, daemon);
    // Should it be frozen: `sv` sends SIGCONT behind SIGTERM.
    await this.#awaitEnd(node, daemon);
  }

  /** Ends it with SIGKILL. */
  async kill(node: Node, daemon: DaemonName): Promise<void> {
    if (!(await this.runs(node, daemon))) return;
    this.#foresee(node, daemon);
    await supervise(node, daemon, "kill");
    await this.#awaitEnd(node, daemon);
  }

  /** Stops its process with SIGSTOP: its sockets stay open, and nobody answers there. */
  async pause(node: Node, daemon: DaemonName): Promise<void> {
    daemonOf(this.#cluster, node, daemon);
    await supervise(node, daemon, "pause");
  }

  async resume(node: Node, daemon: DaemonName): Promise<void> {
    daemonOf(this.#cluster, node, daemon);
    await supervise(node, daemon, "cont");
  }

  /** Starts it and waits for its answer; what it needs is not waited for. Nothing happens when it runs. */
  async start(node: Node, daemon: DaemonName): Promise<void> {
    const { plan, signal, waits } = this.#cluster;
    const found = daemonOf(this.#cluster, node, daemon);
    await waits.during(startDaemon(node, found, plan, { signal, again: true }));
  }

  /** Starts one that will not answer, or will end again: `ends` says which. */
  async startInVain(node: Node, daemon: DaemonName, outcome: "ends" | "hangs"): Promise<void> {
    daemonOf(this.#cluster, node, daemon);
    if (outcome === "ends") this.#foresee(node, daemon);
    await supervise(node, daemon, "up");
  }

  async restart(node: Node, daemon: DaemonName): Promise<void> {
    await this.stop(node, daemon);
    await this.start(node, daemon);
  }

  /** Starts every daemon of a node that has come back, in their order. */
  async startAll(node: Node): Promise<void> {
    for (const { name } of partsOf(node.plan.roles, this.#cluster.plan).daemons) await this.start(node, name);
  }

  async runs(node: Node, daemon: DaemonName): Promise<boolean> {
    daemonOf(this.#cluster, node, daemon);
    const { stdout } = await node.exec(["sv", "status", node.service(daemon)], { beside: daemon });
    return stdout.startsWith("run:");
  }

  async #awaitEnd(node: Node, daemon: DaemonName): Promise<void> {
    const { waits } = this.#cluster;
    await waits.during(supervise(node, daemon, "-w", String(STOP_SECONDS), "stop"));
  }

  #foresee(node: Node, daemon: DaemonName): void {
    this.ends.foresee(node.machineName, node.service(daemon));
  }
}

/** `sv`, in whichever of the node's containers the daemon is. */
async function supervise(node: Node, daemon: DaemonName, ...order: readonly string[]): Promise<void> {
  await node.run(["sv", ...order, node.service(daemon)], { beside: daemon });
}

function daemonOf({ plan }: Cluster, node: Node, name: DaemonName): Daemon {
  const daemons = partsOf(node.plan.roles, plan).daemons;
  const found = daemons.find((daemon) => daemon.name === name);
  if (found && node.plan.pack && name !== "slurmd")
    throw new LabError({
      kind: "bad-input",
      message: `${node.name} has no ${name} of its own: the nodes of ${node.machineName} share one`,
      expected: "slurmd",
    });
  if (found && node.packed.length > 0 && name === "slurmd")
    throw new LabError({
      kind: "bad-input",
      message: `${node.name} is the machine of several nodes, each with a slurmd`,
      expected: `one of them: ${compressHostlist(node.packed.map((each) => each.name))}`,
    });
  if (found) return found;
  throw new LabError({
    kind: "bad-input",
    message: `there is no ${name} on ${node.name}`,
    expected: daemons.map((daemon) => daemon.name).join(", "),
  });
}
