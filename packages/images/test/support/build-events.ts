import type { BuildEvents } from "../../src/index.ts";

/** Events that are kept for a look afterwards; a tool that is asked for cannot be had. */
export class KeptEvents implements BuildEvents {
  readonly lines: string[] = [];
  readonly done: string[] = [];
  readonly tools: string[] = [];
  readonly #stopping = new AbortController();
  readonly signal = this.#stopping.signal;

  onLine = (image: string, line: string): void => {
    this.lines.push(`${image}: ${line}`);
  };

  onDone = (image: string, tag: string, seconds: number): void => {
    this.done.push(`${image} ${tag} ${seconds >= 0}`);
  };

  ensureTool = async (tool: string, packages: readonly string[]): Promise<void> => {
    this.tools.push(`${tool} from ${packages.join(", ")}`);
    throw new Error(`${tool} may not be installed here`);
  };

  stop(reason: Error): void {
    this.#stopping.abort(reason);
  }
}
