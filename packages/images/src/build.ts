import { randomBytes } from "node:crypto";
import { ensureBase, sourcesFile } from "./base.ts";
import { BuildError, type BuildEvents, step } from "./build-step.ts";
import { compileSlurm } from "./compile.ts";
import type { ImageEngine } from "./engine.ts";
import { type ContextFile, contextTar } from "./files.ts";
import { imageLabels, layerLabels } from "./labels.ts";
import { LockUnmet, unmet } from "./lock.ts";
import type { ImageSet } from "./recipe.ts";
import { parseResolved, type Resolved, slurmVersion } from "./resolved.ts";
import type { ImageRole } from "./roles.ts";

/** The distribution has another Slurm than the catalog says: nothing was built, as its label would be wrong. */
export class MovedOn extends Error {
  override name = "MovedOn";
  /** Or a site's own base. */
  readonly suite: string;
  readonly wanted: string;
  readonly found: string;

  constructor(suite: string, wanted: string, found: string) {
    super(`${suite} carries Slurm ${found} now, not ${wanted}`);
    this.suite = suite;
    this.wanted = wanted;
    this.found = found;
  }
}

/** The tags of all images that the engine has. Asked once for any number of sets: an engine with hundreds takes 60 ms. */
export async function imageTags(engine: ImageEngine): Promise<ReadonlySet<string>> {
  return new Set((await engine.listImages()).flatMap((image) => image.tags));
}

/** The roles whose image is not among these tags. */
export function missingImages(
  tags: ReadonlySet<string>,
  set: ImageSet,
  roles: readonly ImageRole[],
): ImageRole[] {
  return roles.filter((role) => !tags.has(set.tags[role]));
}

/** Builds whatever of these roles is missing, all side by side: stages that they share are made once. */
export async function buildImages(
  engine: ImageEngine,
  set: ImageSet,
  roles: readonly ImageRole[],
  events: BuildEvents,
): Promise<void> {
  const missing = missingImages(await imageTags(engine), set, roles);
  if (missing.length === 0) return;
  if (set.layer) {
    const { plain, on } = set.layer;
    const below = missing.map((role) => (set.tags[role] === plain.tags[role] ? role : on(role)));
    await buildImages(engine, plain, [...new Set(below)], events);
    await addLayer(engine, set, missing, events);
    return;
  }
  const { base } = set;
  if (!(await engine.hasImage(base.tag)))
    await step("base", base.tag, events, (onLine) => ensureBase(engine, base, { ...events, onLine }));
  const depends = set.compiled ? await compileSlurm(engine, set.compiled, events) : [];
  const packages = [set.args.PACKAGES, ...depends].join(" ");
  const build: Build = {
    engine,
    set: { ...set, args: { ...set.args, PACKAGES: packages, LOOK: randomBytes(6).toString("hex") } },
    files: [...set.files, ...(await sourcesFile(base.suite))],
    events,
  };
  const resolved = await resolve(build);
  const version = set.compiled?.source.version ?? slurmVersion(resolved) ?? "none";
  if (!`${version}.`.startsWith(`${set.slurm}.`))
    throw new MovedOn(base.site ? base.reference : base.suite, set.slurm, version);
  const others = set.locked ? unmet(set.locked, resolved.packages) : [];
  if (others.length > 0) throw new LockUnmet(others);
  await sideBySide(
    missing.map((role) =>
      target(build, role, {
        tag: set.tags[role],
        labels: imageLabels({ role, version, mirrorDate: resolved.mirrorDate, set }),
      }),
    ),
  );
}

/** Makes those images of a set that have its layer. */
async function addLayer(
  engine: ImageEngine,
  set: ImageSet,
  roles: readonly ImageRole[],
  events: BuildEvents,
): Promise<void> {
  if (!set.layer) return;
  const { name, plain, stage, on, moreFrom, args } = set.layer;
  const more = moreFrom === undefined ? [] : [moreFrom];
  const files = [...set.layer.files, ...(await sourcesFile(set.base.suite, ...more))];
  const labels = layerLabels(name, set.hash);
  await sideBySide(
    roles
      .filter((role) => set.tags[role] !== plain.tags[role])
      .map((role) => {
        const over = { ...set, args: { ...args, BASE: plain.tags[on(role)] } };
        return target(
          { engine, set: over, files, events },
          stage,
          { tag: set.tags[role], labels },
          `${name} ${role}`,
        );
      }),
  );
}

/** Waits for all, so that no build goes on unseen after another has failed. */
async function sideBySide(builds: ReadonlyArray<Promise<void>>): Promise<void> {
  const failures = (await Promise.allSettled(builds))
    .filter((result) => result.status === "rejected")
    .map(({ reason }) => reason as unknown);
  if (failures.length > 0) throw mostTelling(failures);
}

/** Of builds that failed at a stage which they share, one alone was told what it printed. */
function mostTelling(failures: readonly unknown[]): unknown {
  const told = (failure: unknown) => (failure instanceof BuildError ? failure.lastLines.length : 0);
  return failures.reduce((best, failure) => (told(failure) > told(best) ? failure : best));
}

interface Build {
  readonly engine: ImageEngine;
  readonly set: ImageSet;
  readonly files: readonly ContextFile[];
  readonly events: BuildEvents;
}

/** What the mirror would install, asked before anything is built. */
async function resolve(build: Build): Promise<Resolved> {
  const tag = `slurmlab/unfinished:resolved-${build.set.args.LOOK}`;
  await target(build, "resolved", { tag, labels: {} }, "mirror");
  try {
    const listed = await build.engine.readImageFile(tag, "/resolved");
    return parseResolved(listed?.toString("utf8") ?? "");
  } finally {
    await build.engine.removeImage(tag);
  }
}

async function target(
  { engine, set, files, events }: Build,
  stage: string,
  image: { readonly tag: string; readonly labels: Readonly<Record<string, string>> },
  shown = stage,
): Promise<void> {
  const { args } = set;
  await step(shown, image.tag, events, (onLine) =>
    engine.buildImage(contextTar(files), { ...image, target: stage, args, onLine, signal: events.signal }),
  );
}
