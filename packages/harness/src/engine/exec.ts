import { PassThrough } from "node:stream";
import { finished } from "node:stream/promises";
import type Docker from "dockerode";
import { LabError, messageOf } from "../errors/lab-error.ts";
import { boundedText } from "./bounded-text.ts";
import type { Channel, ExecOptions, ExecResult } from "./engine.ts";

/** Runs a program in a container to its end. */
export async function runProgram(
  docker: Docker,
  container: string,
  argv: readonly string[],
  options: ExecOptions,
): Promise<ExecResult> {
  options.signal?.throwIfAborted();
  const exec = await createExec(docker, container, argv, options, options.stdin !== undefined);
  const { stream, stdout, stderr } = await attach(docker, exec, options.stdin !== undefined);
  const stop = () => stream.destroy();
  options.signal?.addEventListener("abort", stop, { once: true });
  // Meanwhile: nobody is told of an abort that was.
  if (options.signal?.aborted) stop();
  try {
    if (options.stdin !== undefined) stream.end(options.stdin);
    const [out, err] = await Promise.all([boundedText(stdout), boundedText(stderr)]);
    options.signal?.throwIfAborted();
    return { code: await exitCode(exec), stdout: out, stderr: err };
  } finally {
    options.signal?.removeEventListener("abort", stop);
  }
}

/** Runs a program in a container and keeps its input and output open; its standard error is not kept. */
export async function openProgram(
  docker: Docker,
  container: string,
  argv: readonly string[],
  options: ExecOptions,
): Promise<Channel> {
  const exec = await createExec(docker, container, argv, options, true);
  const { stream, stdout, stderr } = await attach(docker, exec, true);
  stderr.resume();
  return {
    input: stream,
    output: stdout,
    close: () => {
      stream.end();
      stream.destroy();
    },
  };
}

async function createExec(
  docker: Docker,
  container: string,
  argv: readonly string[],
  options: ExecOptions,
  stdin: boolean,
): Promise<Docker.Exec> {
  try {
    return await docker.getContainer(container).exec({
      Cmd: [...argv],
      AttachStdin: stdin,
      AttachStdout: true,
      AttachStderr: true,
      ...(options.user ? { User: options.user } : {}),
      ...(options.workdir ? { WorkingDir: options.workdir } : {}),
      ...(options.env ? { Env: Object.entries(options.env).map(([key, value]) => `${key}=${value}`) } : {}),
    });
  } catch (error) {
    throw new LabError({
      kind: "broken",
      message: `cannot run ${argv[0]} in a container: ${messageOf(error)}`,
      where: container,
      cause: error,
    });
  }
}

async function attach(docker: Docker, exec: Docker.Exec, stdin: boolean) {
  const stream = await exec.start({ hijack: true, stdin });
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  docker.modem.demuxStream(stream, stdout, stderr);
  const end = () => {
    stdout.end();
    stderr.end();
  };
  finished(stream, { writable: false }).then(end, end);
  return { stream, stdout, stderr };
}

/** The output may end a moment before the engine has noted the exit code. */
export async function exitCode(exec: Docker.Exec): Promise<number> {
  for (let look = 0; look < 100; look++) {
    const { Running, ExitCode } = await exec.inspect();
    if (!Running && ExitCode !== null) return ExitCode;
  }
  throw new LabError({
    kind: "broken",
    message: "a program's output ended, but the engine says that it still runs",
  });
}
