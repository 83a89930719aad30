import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type Docker from "dockerode";
import type { ContainerEnd } from "./engine.ts";

interface DieEvent {
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
}

/** Ends that this process brings about and that are still to be told of: kills by id, and what it removes by the id or name that it was given. */
interface Ours {
  readonly killed: Map<string, number>;
  readonly removed: Set<string>;
}

/**
 * One for all connections of this process: a cluster that was started ahead has a connection of its own, and what is killed through it
 * is no accident to a run that follows another. Ids and names are like no others', so nothing is shared by mistake.
 */
const OURS: Ours = { killed: new Map(), removed: new Set() };

/** Containers that end, and which of them were killed or removed from here. */
export class ContainerEnds {
  readonly #docker: Docker;

  constructor(docker: Docker) {
    this.#docker = docker;
  }

  /** Does what ends a container; its end is nobody else's then. */
  async ofOurs(container: string, end: () => Promise<void>): Promise<void> {
    this.#count(container, 1);
    try {
      await end();
    } catch (error) {
      this.#count(container, -1);
      throw error;
    }
  }

  /** A container that is removed, by whichever of id and name it is called. */
  removes(container: string): void {
    OURS.removed.add(container);
  }

  /** Another container of a name that was removed. */
  comes(name: string): void {
    OURS.removed.delete(name);
  }

  /** Tells of each container with this label that ends and was neither killed nor removed from here, until `signal`. */
  async follow(
    label: string,
    { signal, onEnd }: { signal: AbortSignal; onEnd: (end: ContainerEnd) => void },
  ): Promise<void> {
    const events = await this.#docker.getEvents({
      filters: { type: ["container"], event: ["die"], label: [label] },
    });
    const stream = events as Readable;
    // It ends with the engine, which is told of otherwise.
    stream.on("error", () => {});
    const lines = createInterface({ input: stream });
    // A readline hands on what its input says, and nobody else listens.
    lines.on("error", () => {});
    lines.on("line", (line) => {
      const { Actor }: DieEvent = JSON.parse(line);
      const { ID, Attributes } = Actor;
      if ((OURS.killed.get(ID) ?? 0) > 0) this.#count(ID, -1);
      else if (!OURS.removed.has(ID) && !OURS.removed.has(Attributes.name ?? ""))
        onEnd({ container: ID, labels: Attributes, exitCode: Number(Attributes.exitCode) });
    });
    signal.addEventListener("abort", () => stream.destroy(), { once: true });
  }

  #count(container: string, by: number): void {
    OURS.killed.set(container, (OURS.killed.get(container) ?? 0) + by);
  }
}
