import { text } from "node:stream/consumers";
import { asUser } from "../../engine/as-user.ts";
import { LabError } from "../../errors/lab-error.ts";
import { type Terminal, terminal } from "../terminal.ts";
import { findCluster, nodeAsked } from "./found.ts";

export interface ExecOptions {
  /** Of a cluster; not needed when there is one. */
  readonly cluster?: string;
  /** By name; root by default. */
  readonly user?: string;
  /** Whether the program gets what is piped in. Not by itself: a pipe that nobody closes would be waited for. */
  readonly stdin?: boolean;
}

/**
 * Runs a program on a node; resolves to its exit code. With a terminal at both ends it gets one, too; else its outputs stay
 * apart.
 */
export async function execOn(
  node: string,
  words: readonly string[],
  options: ExecOptions,
  out: Terminal = terminal({}),
): Promise<number> {
  const { engine, cluster } = await findCluster(options.cluster);
  const { container } = nodeAsked(cluster, node);
  const as = asUser(options.user);
  // Who is used to writing `NODE -- PROGRAM` means no program of that name.
  const argv = words[0] === "--" ? words.slice(1) : words;
  if (out.interactive) return await out.attach((size) => engine.openTerminal(container, argv, size, as));
  const stdin = options.stdin ? await text(process.stdin) : undefined;
  const { code, stdout, stderr } = await engine.exec(container, argv, {
    ...as,
    ...(stdin === undefined ? {} : { stdin }),
  });
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  return code;
}

/** A login shell on a node. */
export async function shellOn(
  node: string | undefined,
  options: ExecOptions,
  out: Terminal = terminal({}),
): Promise<number> {
  if (!out.interactive)
    throw new LabError({
      kind: "bad-input",
      message: "a shell is for a person at a terminal",
      expected: "a terminal as standard input and output",
      seen: "a pipe, or CI in the environment",
      hint: "pnpm cluster exec NODE COMMAND...",
    });
  const { engine, cluster } = await findCluster(options.cluster);
  const { container } = nodeAsked(cluster, node);
  return await out.attach((size) =>
    engine.openTerminal(container, ["bash", "-l"], size, asUser(options.user)),
  );
}
