import { type Cluster, nodeNamed } from "../cluster/cluster.ts";
import type { DaemonControl } from "../cluster/daemon-control.ts";
import { LabError } from "../errors/lab-error.ts";
import { Unavailable } from "../errors/unavailable.ts";
import { Undo } from "../errors/undo.ts";
import type { Journal } from "../journal/journal.ts";
import type { Fault } from "./fault.ts";
import { sharesMachine } from "./shares-machine.ts";
import { chooseNodes } from "./target.ts";

/** What every fault's input has, and most have. */
type FaultInput = { readonly fault: string; readonly on?: string };

/** A fault that was put in: what `inject` returns and `heal` takes. */
export interface InjectedFault {
  readonly kind: "fault";
  /** Its place among the faults of this run. */
  readonly index: number;
  /** How reports call it: `munge-mismatch on c2`. */
  readonly title: string;
}

/** One fault of a run, for its report. */
export interface FaultRecord {
  readonly fault: string;
  readonly on: readonly string[];
  /** RFC 3339, UTC. */
  readonly since: string;
  /** When it was healed, and by whom: a step, or the runner at the end of the steps. */
  readonly healed?: string;
  readonly healedBy?: "step" | "run";
}

interface Entry {
  readonly handle: InjectedFault;
  readonly undo: Undo;
  record: FaultRecord;
}

/** What is wrong in a run's cluster on purpose, and how it is mended. */
export class Faults {
  readonly #cluster: Cluster;
  readonly #daemons: DaemonControl;
  readonly #journal: Journal;
  readonly #seed: number;
  readonly #entries: Entry[] = [];

  constructor(
    cluster: Cluster,
    run: { readonly daemons: DaemonControl; readonly journal: Journal; readonly seed: number },
  ) {
    this.#cluster = cluster;
    this.#daemons = run.daemons;
    this.#journal = run.journal;
    this.#seed = run.seed;
  }

  get records(): FaultRecord[] {
    return this.#entries.map(({ record }) => record);
  }

  /**
   * Puts a fault in. It counts as put in from before its first change on, so that one that fails half-way is healed too.
   * Rejects with {@link Unavailable} when this machine cannot have it.
   */
  async inject(fault: Fault, input: FaultInput): Promise<InjectedFault> {
    const cluster = this.#cluster;
    const index = this.#entries.length;
    const names = input.on === undefined ? [] : this.#chosen(input.on, index);
    const nodes = names.map((name) => nodeNamed(cluster, name));
    const context = { cluster, nodes, daemons: this.#daemons };
    const lacking = sharesMachine(fault, names, cluster.plan) ?? fault.lacks?.(input, cluster.plan);
    if (lacking) throw new LabError({ kind: "bad-input", message: `${fault.name}: ${lacking}` });
    const why = await fault.unavailable?.(input, context);
    if (why) throw new Unavailable(`${fault.name} cannot be had here: ${why}`);
    const undo = new Undo();
    const title = [fault.name, ...(names.length > 0 ? [`on ${names.join(", ")}`] : [])].join(" ");
    const handle: InjectedFault = { kind: "fault", index, title };
    const record = { fault: fault.name, on: names, since: new Date().toISOString() };
    this.#entries.push({ handle, undo, record });
    const sentence = fault.sentence({ ...input, on: names.join(", ") });
    this.#journal.add({ kind: "fault-in", fault: String(index), sentence, nodes: [...names] });
    await fault.inject(input, { ...context, heals: (what, mend) => undo.add(what, mend) });
    return handle;
  }

  /** Stands for a fault that was left out: there is nothing to heal. */
  leftOut(name: string): InjectedFault {
    return { kind: "fault", index: -1, title: name };
  }

  /** Mends a fault; nothing happens when that is done already. */
  async heal({ index }: InjectedFault, by: "step" | "run" = "step"): Promise<void> {
    const entry = this.#entries[index];
    if (!entry || entry.record.healed !== undefined) return;
    entry.record = { ...entry.record, healed: new Date().toISOString(), healedBy: by };
    const failures = await entry.undo.run();
    if (failures.length === 0) {
      this.#journal.add({ kind: "fault-out", fault: String(index) });
      return;
    }
    throw new LabError({
      kind: "broken",
      message: `${entry.handle.title} could not be healed`,
      seen: failures.join("\n"),
    });
  }

  /** Those that are still in, the newest first: the order in which they have to be healed. */
  get stillIn(): InjectedFault[] {
    return this.#entries
      .filter(({ record }) => record.healed === undefined)
      .map(({ handle }) => handle)
      .reverse();
  }

  #chosen(on: string, index: number): readonly string[] {
    const chosen = chooseNodes(on, this.#cluster.plan, `${this.#seed} ${index}`);
    if ("names" in chosen) return chosen.names;
    throw new LabError({ kind: "bad-input", message: chosen.problem });
  }
}
