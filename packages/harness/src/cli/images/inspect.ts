import { packagesIn, type StoredImage, sbomSubject, spdxDocument } from "@slurmlab/images";
import type { Engine } from "../../engine/engine.ts";
import { EXIT, LabError } from "../../errors/lab-error.ts";
import { VERSION } from "../project.ts";
import { terminal } from "../terminal.ts";
import { imageEngine, megabytes, slurmsNamed } from "./sets.ts";

export interface InspectOptions {
  readonly sbom?: boolean;
  readonly packages?: boolean;
  readonly json?: boolean;
}

/** `images inspect`: what an image says of itself, its packages, or its SPDX document. */
export async function inspect(wanted: string, options: InspectOptions): Promise<number> {
  const out = terminal({ json: true });
  const { engine } = await imageEngine(out);
  for (const { image, tag } of await imagesNamed(engine, wanted)) {
    if (options.sbom) {
      out.print(JSON.stringify(spdxDocument(await sbomSubject(engine, image, tag), VERSION), null, 2));
      continue;
    }
    const packages = await packagesIn(engine, tag);
    if (options.json) {
      out.print(JSON.stringify({ tag, ...image, packages }, null, 2));
      continue;
    }
    out.print(`${tag}\n  id        ${image.id}\n  size      ${megabytes(image.size)}`);
    out.print(`  made      ${new Date(image.created * 1000).toISOString()}`);
    for (const [key, value] of Object.entries(image.labels).sort())
      if (key.startsWith("slurmlab.image."))
        out.print(`  ${key.slice("slurmlab.image.".length).padEnd(9)} ${value}`);
    out.print(`  packages  ${packages.length}`);
    if (options.packages) for (const { name, version } of packages) out.print(`    ${name} ${version}`);
  }
  return EXIT.ok;
}

/** `24.11/slurmd`, a whole release, or any tag of ours. */
async function imagesNamed(
  engine: Engine,
  wanted: string,
): Promise<Array<{ readonly image: StoredImage; readonly tag: string }>> {
  const stored = await engine.listImages();
  const find = (tag: string) => {
    const image = stored.find((each) => each.tags.includes(tag));
    if (image) return { image, tag };
    throw new LabError({
      kind: "bad-input",
      message: `no image ${tag}`,
      expected:
        "a tag that `pnpm images list --images` shows, a release, or RELEASE/ROLE such as 24.11/slurmd",
      hint: "pnpm images build",
    });
  };
  if (wanted.includes(":")) return [find(wanted)];
  const [slurm = "", role] = wanted.split("/");
  const [release] = slurmsNamed([slurm]);
  if (!release) return [];
  const { tags } = await release.images(engine);
  if (role === undefined) return Object.values(tags).map(find);
  const tag = Object.entries(tags).find(([name]) => name === role)?.[1];
  if (tag) return [find(tag)];
  throw new LabError({
    kind: "bad-input",
    message: `no image called ${role}`,
    expected: Object.keys(tags).join(", "),
  });
}
