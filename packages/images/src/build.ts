import { Readable } from "node:stream";
import { pack } from "tar-stream";
import { type EnsureTool, ensureBase } from "./base.ts";
import type { ImageEngine } from "./engine.ts";
import type { ImageSet, Recipe } from "./recipe.ts";

/** How a build talks back. */
export interface BuildEvents {
  /** One line of a build's output: `image` is `base`, `mockgpu`, `slurm` or `db`. */
  readonly onLine: (image: string, line: string) => void;
  readonly onDone: (image: string, tag: string, seconds: number) => void;
  readonly ensureTool: EnsureTool;
  readonly signal: AbortSignal;
}

/** A build that failed: which image, and the last lines that it printed. */
export class BuildError extends Error {
  override name = "BuildError";
  readonly image: string;
  readonly lastLines: readonly string[];

  constructor(image: string, lastLines: readonly string[], cause: Error) {
    super(`building the image ${image} failed: ${cause.message}`, { cause });
    this.image = image;
    this.lastLines = lastLines;
  }
}

/** What the Dockerfiles label stages with that are of no use once their result has been copied out. */
const STAGE_LABEL = "slurmlab.stage=build";

/** The recipes of a set that the engine does not have. Asks only by tag: under 100 ms when nothing is missing. */
export async function missingImages(engine: ImageEngine, set: ImageSet): Promise<Recipe[]> {
  const wanted = [set.slurm, set.db];
  const there = await Promise.all(wanted.map((recipe) => engine.hasImage(recipe.tag)));
  return wanted.filter((_, i) => !there[i]);
}

/** Builds whatever of the set is missing, side by side where nothing waits for another. */
export async function buildImages(engine: ImageEngine, set: ImageSet, events: BuildEvents): Promise<void> {
  const missing = await missingImages(engine, set);
  if (missing.length === 0) return;
  if (!(await engine.hasImage(set.base.tag)))
    await step("base", events, (onLine) => ensureBase(engine, set.base, { ...events, onLine }), set.base.tag);
  const slurm = async () => {
    if (!(await engine.hasImage(set.mockgpu.tag))) {
      await engine.pruneImages(STAGE_LABEL);
      await build(engine, set.mockgpu, events);
    }
    await build(engine, set.slurm, events);
  };
  // allSettled, so that no build goes on unseen after another has failed.
  const results = await Promise.allSettled(
    missing.map((recipe) => (recipe.name === "slurm" ? slurm() : build(engine, recipe, events))),
  );
  const failure = results.find((result) => result.status === "rejected");
  if (failure) throw failure.reason;
}

async function build(engine: ImageEngine, recipe: Recipe, events: BuildEvents): Promise<void> {
  const { tag, args } = recipe;
  await step(
    recipe.name,
    events,
    (onLine) => engine.buildImage(contextTar(recipe), { tag, args, onLine, signal: events.signal }),
    tag,
  );
}

async function step(
  image: string,
  events: BuildEvents,
  run: (onLine: (line: string) => void) => Promise<void>,
  tag: string,
): Promise<void> {
  const lines: string[] = [];
  const start = performance.now();
  try {
    await run((line) => {
      lines.push(line);
      events.onLine(image, line);
    });
  } catch (error) {
    events.signal.throwIfAborted();
    throw new BuildError(image, lines.slice(-15), error as Error);
  }
  events.onDone(image, tag, (performance.now() - start) / 1000);
}

function contextTar(recipe: Recipe): Readable {
  const tar = pack();
  for (const file of recipe.files) {
    // A fixed time: the engine's own layer cache then sees the same file as the same.
    tar.entry({ name: file.path, mode: file.executable ? 0o755 : 0o644, mtime: new Date(0) }, file.content);
  }
  tar.finalize();
  return Readable.from(tar);
}
