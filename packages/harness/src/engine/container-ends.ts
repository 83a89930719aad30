import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type Docker from "dockerode";
import type { ContainerEnd } from "./engine.ts";

interface DieEvent {
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
}

/** Containers that end, and which of them were killed from here. */
export class ContainerEnds {
  readonly #docker: Docker;
  /** Ends that are still to be told of, by container. */
  readonly #ours = new Map<string, number>();

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

  /** Tells of each container with this label that ends and was not killed from here, until `signal`. */
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
    createInterface({ input: stream }).on("line", (line) => {
      const { Actor }: DieEvent = JSON.parse(line);
      const { ID, Attributes } = Actor;
      if ((this.#ours.get(ID) ?? 0) > 0) this.#count(ID, -1);
      else onEnd({ container: ID, labels: Attributes, exitCode: Number(Attributes.exitCode) });
    });
    signal.addEventListener("abort", () => stream.destroy(), { once: true });
  }

  #count(container: string, by: number): void {
    this.#ours.set(container, (this.#ours.get(container) ?? 0) + by);
  }
}
