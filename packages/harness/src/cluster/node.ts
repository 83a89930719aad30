import type { PlannedMachine, PlannedNode } from "@slurmlab/config-gen";
import { asUser } from "../engine/as-user.ts";
import type { Engine, ExecOptions, ExecResult } from "../engine/engine.ts";
import type { TerminalChannel, TerminalSize } from "../engine/terminal.ts";
import { LabError } from "../errors/lab-error.ts";
import { Lens } from "./lens.ts";
import type { Daemon } from "./roles.ts";

/** A container of a node, and the release of Slurm that is in it. */
export interface NodeContainer {
  readonly container: string;
  readonly slurm: string;
}

interface NodeExecOptions extends ExecOptions {
  /** A daemon of the node: the program runs where that runs. The newest release's container by default. */
  readonly beside?: Daemon["name"];
}

/**
 * A machine of a running cluster. It always knows its engine; there is no other way to reach it.
 *
 * It starts as one container, and that stays: a release that it is upgraded to comes as another container, which joins
 * the first (`joiningSpec`). Programs then run in the newest, and each daemon's supervisor is where the daemon is.
 */
export class Node {
  readonly name: string;
  readonly plan: PlannedNode;
  readonly address: string;
  /** The container that has the network, the volumes and process 1. */
  readonly machine: string;
  /** The image that this was made of. */
  readonly image: string;
  /** The nodes that share this machine; none where it is a node itself. */
  readonly packed: readonly PlannedNode[];
  readonly #engine: Engine;
  readonly #first: NodeContainer;
  readonly #joined: NodeContainer[] = [];
  #newest: NodeContainer;
  readonly #daemons = new Map<Daemon["name"], NodeContainer>();

  constructor(
    engine: Engine,
    parts: {
      plan: PlannedNode & Partial<Pick<PlannedMachine, "packed">>;
      address: string;
      container: string;
      image: string;
      slurm: string;
    },
  ) {
    this.#engine = engine;
    this.plan = parts.plan;
    this.name = parts.plan.name;
    this.address = parts.address;
    this.machine = parts.container;
    this.image = parts.image;
    this.packed = parts.plan.packed ?? [];
    this.#first = { container: parts.container, slurm: parts.slurm };
    this.#newest = this.#first;
  }

  /** One of the nodes that share this machine. */
  sharing(plan: PlannedNode): Node {
    const { address, machine: container, image } = this;
    return new Node(this.#engine, { plan, address, container, image, slurm: this.slurmOf() });
  }

  /** The machine's name, which is the node's own unless it shares one. */
  get machineName(): string {
    return this.plan.pack?.machine ?? this.name;
  }

  /** What the supervisor calls a daemon: by the node's name, too, where several nodes have one each. */
  service(daemon: Daemon["name"]): string {
    return this.plan.pack && daemon === "slurmd" ? `slurmd-${this.name}` : daemon;
  }

  /** The container in which programs run. */
  get container(): string {
    return this.#newest.container;
  }

  /** The machine's own container, and those that have joined it. */
  get containers(): string[] {
    return [this.machine, ...this.#joined.map(({ container }) => container)];
  }

  /** The release of a daemon, or of the commands that people type. */
  slurmOf(daemon?: Daemon["name"]): string {
    return this.#where(daemon).slurm;
  }

  /** The container of a release that has joined the node, if it has. */
  containerOf(slurm: string): NodeContainer | undefined {
    return this.#joined.find((each) => each.slurm === slurm);
  }

  /** A container has joined: it is there, and nothing is in it yet that would be asked for. */
  join(container: NodeContainer): NodeContainer {
    this.#joined.push(container);
    return container;
  }

  /** From now on this daemon's supervisor is in another container; what is returned takes that back. */
  moveDaemon(daemon: Daemon["name"], to: NodeContainer): () => void {
    const before = this.#where(daemon);
    this.#daemons.set(daemon, to);
    return () => void this.#daemons.set(daemon, before);
  }

  /** From now on programs run in another container. */
  movePrograms(to: NodeContainer): void {
    this.#newest = to;
  }

  /** Runs a program to its end, whatever its exit code. `user` is a user of the node; root by default. */
  exec(argv: readonly string[], options: NodeExecOptions = {}): Promise<ExecResult> {
    const { beside, ...rest } = options;
    const { container } = beside ? this.#where(beside) : this.#newest;
    return this.#engine.exec(container, argv, withHome(rest));
  }

  /** Runs a program that must succeed; resolves to what it printed. */
  async run(argv: readonly string[], options: NodeExecOptions = {}): Promise<string> {
    return outputOf(await this.exec(argv, options), argv, this.name);
  }

  /** Runs a program at a terminal of its own. */
  openTerminal(argv: readonly string[], size: TerminalSize, user?: string): Promise<TerminalChannel> {
    return this.#engine.openTerminal(this.container, argv, size, asUser(user));
  }

  /** Opens a way to run one program again and again cheaply: see {@link Lens}. */
  async lens(argv: readonly string[], options: ExecOptions = {}): Promise<Lens> {
    return new Lens(
      await this.#engine.open(this.container, ["/usr/lib/slurmlab/look", ...argv], withHome(options)),
    );
  }

  /** A daemon that was never moved is where it was started; commands are in the newest container. */
  #where(daemon: Daemon["name"] | undefined): NodeContainer {
    return daemon ? (this.#daemons.get(daemon) ?? this.#first) : this.#newest;
  }
}

function withHome(options: ExecOptions): ExecOptions {
  const as = asUser(options.user);
  return { ...as, ...options, ...(as.env ? { env: { ...as.env, ...options.env } } : {}) };
}

/** What a program has printed that had to succeed on a node. */
export function outputOf(result: ExecResult, argv: readonly string[], node: string): string {
  if (result.code === 0) return result.stdout;
  throw new LabError({
    kind: "broken",
    message: `\`${commandLine(argv)}\` on ${node} ended with ${result.code}`,
    seen: (result.stderr || result.stdout).split("\n").slice(-8).join("\n"),
    where: node,
  });
}

/** A program with its arguments as one line that a person can read: of one that is a script only that it is one. */
function commandLine(argv: readonly string[]): string {
  const script = argv.findIndex((word) => word.includes("\n"));
  return script < 0 ? argv.join(" ") : `${argv.slice(0, script).join(" ")} SCRIPT`;
}
