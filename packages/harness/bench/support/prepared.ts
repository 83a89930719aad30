import { join } from "node:path";
import { DEFAULT_SLURM, findRelease, type ImageSet, imageSet, type SlurmRelease } from "@slurmlab/images";
import { execa } from "execa";
import type { Engine } from "../../src/engine/engine.ts";
import { findEngine } from "../../src/engine/find.ts";

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");

/** An engine that has the images of the default Slurm; `build` is what `images build` is told besides. */
export async function prepared(
  build: readonly string[] = [],
): Promise<{ engine: Engine; release: SlurmRelease; images: ImageSet }> {
  const release = findRelease(DEFAULT_SLURM);
  if ("severity" in release) throw new Error(release.message);
  await execa(process.execPath, [MAIN, "images", "build", ...build, "--yes"], { stdout: "ignore" });
  const { engine } = await findEngine(process.env, { say: () => {}, confirm: async () => true });
  return { engine, release, images: imageSet(release, engine.architecture) };
}
