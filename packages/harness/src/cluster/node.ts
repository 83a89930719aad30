import type { PlannedNode } from "@slurmlab/config-gen";
import type { Engine, ExecOptions, ExecResult } from "../engine/engine.ts";
import { LabError } from "../errors/lab-error.ts";
import { Lens } from "./lens.ts";

/** A machine of a running cluster. It always knows its engine; there is no other way to reach it. */
export class Node {
  readonly name: string;
  readonly plan: PlannedNode;
  readonly address: string;
  readonly container: string;
  /** The image that it runs on. */
  readonly image: string;
  readonly #engine: Engine;

  constructor(
    engine: Engine,
    parts: { plan: PlannedNode; address: string; container: string; image: string },
  ) {
    this.#engine = engine;
    this.plan = parts.plan;
    this.name = parts.plan.name;
    this.address = parts.address;
    this.container = parts.container;
    this.image = parts.image;
  }

  /** Runs a program to its end, whatever its exit code. `user` is a user of the node; root by default. */
  exec(argv: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
    return this.#engine.exec(this.container, argv, withHome(options));
  }

  /** Runs a program that must succeed; resolves to what it printed. */
  async run(argv: readonly string[], options: ExecOptions = {}): Promise<string> {
    const result = await this.exec(argv, options);
    if (result.code !== 0) {
      throw new LabError({
        kind: "broken",
        message: `\`${argv.join(" ")}\` on ${this.name} ended with ${result.code}`,
        seen: (result.stderr || result.stdout).split("\n").slice(-8).join("\n"),
        where: this.name,
      });
    }
    return result.stdout;
  }

  /** Opens a way to run one program again and again cheaply: see {@link Lens}. */
  async lens(argv: readonly string[], options: ExecOptions = {}): Promise<Lens> {
    return new Lens(
      await this.#engine.open(this.container, ["/usr/lib/slurmlab/look", ...argv], withHome(options)),
    );
  }
}

/** `docker exec --user` changes the user number only; programs expect the rest of a login as well. */
function withHome(options: ExecOptions): ExecOptions {
  if (!options.user || options.user === "root") return options;
  const home = `/home/${options.user}`;
  return {
    workdir: home,
    ...options,
    env: { HOME: home, USER: options.user, LOGNAME: options.user, ...options.env },
  };
}
