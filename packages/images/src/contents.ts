import type { ImageEngine, StoredImage } from "./engine.ts";
import { sourcesIn } from "./find-source.ts";
import { IMAGE_LABEL } from "./labels.ts";
import type { LockedImages } from "./lock.ts";
import { DPKG_STATUS, type InstalledPackage, parseDpkgStatus } from "./packages.ts";
import type { ImageSet } from "./recipe.ts";
import type { SbomSubject } from "./sbom.ts";

/** What is installed in an image. */
export async function packagesIn(engine: ImageEngine, tag: string): Promise<InstalledPackage[]> {
  const status = await engine.readImageFile(tag, DPKG_STATUS);
  return parseDpkgStatus(status?.toString("utf8") ?? "");
}

/** The packages of several images together, by name. */
export async function packagesOf(
  engine: ImageEngine,
  tags: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const lists = await Promise.all(tags.map((tag) => packagesIn(engine, tag)));
  return new Map(lists.flat().map(({ name, version }) => [name, version]));
}

/** The exact packages of a built set. */
export async function lockOf(
  engine: ImageEngine,
  set: ImageSet,
  images: readonly StoredImage[],
): Promise<LockedImages> {
  const tags = Object.values(set.tags);
  const mine = images.filter((image) => image.tags.some((tag) => tags.includes(tag)));
  const found = await packagesOf(
    engine,
    mine.flatMap((image) => image.tags.slice(0, 1)),
  );
  const labels = mine[0]?.labels ?? {};
  return {
    version: labels[IMAGE_LABEL.slurm] ?? "",
    suite: set.base.suite,
    architecture: engine.architecture,
    mirrorDate: labels[IMAGE_LABEL.mirrorDate] ?? "",
    packages: Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** What an SPDX document of an image says. */
export async function sbomSubject(
  engine: ImageEngine,
  image: StoredImage,
  tag: string,
): Promise<SbomSubject> {
  const [packages, release] = await Promise.all([
    packagesIn(engine, tag),
    // A link in /etc; the file itself can be read as it is.
    engine.readImageFile(tag, "/usr/lib/os-release"),
  ]);
  const text = release?.toString("utf8") ?? "";
  const value = (key: string) => new RegExp(`^${key}="?([^"\n]*)"?$`, "m").exec(text)?.[1] ?? "";
  const [source] = sourcesIn([image]);
  // The database's image is of the same build, and has nothing of Slurm in it.
  const compiled = image.labels[IMAGE_LABEL.role] === "db" ? undefined : source;
  return {
    tag,
    id: image.id,
    distribution: value("ID") || "debian",
    distributionVersion: value("VERSION_ID"),
    created: new Date(image.created * 1000),
    packages,
    ...(compiled ? { compiled } : {}),
  };
}
