import { sourcesFile } from "./base.ts";
import { type BuildEvents, step } from "./build-step.ts";
import type { ImageEngine } from "./engine.ts";
import { contextTar } from "./files.ts";
import { builtLabels } from "./labels.ts";
import type { Compiled, SlurmSource } from "./source.ts";

/** The image with the compiled parts is not there, and the tarball to make it from was not given. */
export class NotCompiled extends Error {
  override name = "NotCompiled";
  readonly source: SlurmSource;

  constructor(source: SlurmSource) {
    super(`Slurm ${source.version} is not compiled here, and its tarball is not given`);
    this.source = source;
  }
}

/**
 * Compiles a Slurm into an image of its own, unless that is there, and resolves to the packages that it needs to run.
 * The base image has to be there.
 */
export async function compileSlurm(
  engine: ImageEngine,
  compiled: Compiled,
  events: BuildEvents,
): Promise<string[]> {
  const { source, tag, args, files, tarball } = compiled;
  if (!(await engine.hasImage(tag))) {
    if (!tarball) throw new NotCompiled(source);
    const context = [
      ...files,
      ...(await sourcesFile(source.suite)),
      { path: "slurm.tar", content: tarball, executable: false },
    ];
    const labels = builtLabels(source, compiled.hash);
    await step("compile", tag, events, (onLine) =>
      engine.buildImage(contextTar(context), {
        tag,
        target: "built",
        args,
        labels,
        onLine,
        signal: events.signal,
      }),
    );
  }
  const depends = await engine.readImageFile(tag, "/depends");
  return (depends?.toString("utf8") ?? "").split("\n").filter((line) => line !== "");
}
