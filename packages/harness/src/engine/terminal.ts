import type { Duplex, Readable, Writable } from "node:stream";
import { finished } from "node:stream/promises";
import type Docker from "dockerode";
import type { ExecOptions } from "./engine.ts";
import { exitCode } from "./exec.ts";

/** How large a terminal is, in characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** A program that has a terminal in its container. */
export interface TerminalChannel {
  readonly input: Writable;
  readonly output: Readable;
  resize(size: TerminalSize): Promise<void>;
  /** Resolves when the program has ended, to its exit code. */
  readonly ended: Promise<number>;
}

/** Runs a program in a container with a terminal of its own. */
export async function openTerminal(
  docker: Docker,
  container: string,
  argv: readonly string[],
  size: TerminalSize,
  { user, workdir, env = {} }: Pick<ExecOptions, "user" | "workdir" | "env">,
): Promise<TerminalChannel> {
  const exec = await docker.getContainer(container).exec({
    Cmd: [...argv],
    Tty: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    ...(user ? { User: user } : {}),
    ...(workdir ? { WorkingDir: workdir } : {}),
    Env: Object.entries({ TERM: "xterm", ...env }).map(([key, value]) => `${key}=${value}`),
  });
  const stream: Duplex = await exec.start({ hijack: true, stdin: true, Tty: true });
  const resize = async ({ columns, rows }: TerminalSize) => {
    await exec.resize({ w: columns, h: rows }).catch((error: { statusCode?: number }) => {
      // Podman's way of saying that it is done, which dockerode does not know.
      if (error.statusCode !== 201) throw error;
    });
  };
  await resize(size);
  // With a terminal there is one stream for both outputs, and nothing to take apart.
  const ended = finished(stream, { writable: false })
    .catch(() => {})
    .then(() => exitCode(exec));
  return { input: stream, output: stream, resize, ended };
}
