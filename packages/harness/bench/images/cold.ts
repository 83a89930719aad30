import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BOOTSTRAP_OPTIONS,
  buildImages,
  debianMirror,
  type ImageRole,
  type ImageSet,
  imageSet,
  packagesOf,
  type SlurmRelease,
} from "@slurmlab/images";
import { execa } from "execa";

import { embedded, purgeEmbedded } from "../../src/engine/embedded.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { ownEngine } from "../../src/engine/find.ts";
import type { Figure } from "../support/figures.ts";
import { timed } from "../support/measure.ts";

/** What a cluster of ours runs on. */
const CORE_ROLES: readonly ImageRole[] = ["slurmctld", "slurmdbd", "slurmd", "login", "db"];

/** In the images without what it depends on, 50 MB of Perl, which the floor would have to install. */
const ALONE = "runit";

/**
 * One release built on an engine with an empty folder: base, packages, everything; beside one mmdebstrap with the very
 * packages that the images have, and the compiler that the mock GPUs are made with. Both fetch all they install.
 */
export async function cold(engine: Engine, images: ImageSet, release: SlurmRelease): Promise<Figure> {
  const there = await packagesOf(
    engine,
    CORE_ROLES.map((role) => images.tags[role]),
  );
  const compiler = images.args.COMPILER?.split(" ") ?? [];
  const floor = await timed(() =>
    bare(
      images.base.suite,
      [...there.keys(), ...compiler].filter((name) => name !== ALONE),
    ),
  );
  const state = mkdtempSync(join(tmpdir(), "lab-"));
  const env = { ...process.env, SLURMLAB_STATE: state };
  try {
    const { engine: empty } = await ownEngine(env, { say: () => {}, confirm: async () => true });
    const value = await timed(() => build(empty, imageSet(release, empty.architecture)));
    return {
      what: `from nothing: ${CORE_ROLES.join(", ")}`,
      unit: "s",
      value: value / 1000,
      floor: { value: floor / 1000, what: "mmdebstrap with the same packages" },
      ratioGoal: 1.25,
    };
  } finally {
    await purgeEmbedded(embedded(env));
    rmSync(state, { recursive: true, force: true });
  }
}

async function bare(suite: string, packages: readonly string[]): Promise<void> {
  const mirror = await debianMirror();
  await execa("mmdebstrap", [
    ...BOOTSTRAP_OPTIONS,
    `--include=${packages.join(",")}`,
    suite,
    "/dev/null",
    ...(mirror ? [mirror] : []),
  ]);
}

async function build(engine: Engine, set: ImageSet): Promise<void> {
  await buildImages(engine, set, CORE_ROLES, {
    onLine: () => {},
    onDone: () => {},
    ensureTool: async () => {},
    signal: new AbortController().signal,
  });
}
