export { BOOTSTRAP_OPTIONS, debianMirror, type EnsureTool } from "./base.ts";
export { buildImages, imageTags, MovedOn, missingImages } from "./build.ts";
export { BuildError, type BuildEvents } from "./build-step.ts";
export { CATALOG, DEFAULT_SLURM, findRelease, nextRelease, type SlurmRelease } from "./catalog.ts";
export { NotCompiled } from "./compile.ts";
export { lockOf, packagesIn, packagesOf, sbomSubject } from "./contents.ts";
export type { ImageBuild, ImageEngine, StoredImage } from "./engine.ts";
export { sourcesIn } from "./find-source.ts";
export { IMAGE_LABEL } from "./labels.ts";
export { layeredSet } from "./layered-set.ts";
export {
  LAYER_NAMES,
  type LayerName,
  type LayerWishes,
  layerProblems,
  layerRecipe,
  layersWanted,
  VARIANT_ROLES,
} from "./layers.ts";
export { formatLock, type ImageLock, type LockedImages, LockUnmet, parseLock } from "./lock.ts";
export { comparePackages, type InstalledPackage } from "./packages.ts";
export { prunable } from "./prune.ts";
export { type ImageSet, imageSet } from "./recipe.ts";
export { IMAGE_ROLES, type ImageRole, imageRoleOf } from "./roles.ts";
export { spdxDocument } from "./sbom.ts";
export { lookAtBase, type SiteBase, suiteIn, UnfitBase } from "./site-base.ts";
export { compiledVersion, nearestRelease, releaseFor, type SlurmSource, sourceImageSet } from "./source.ts";
export { NoSlurmSource, readTarball, type SlurmTarball, sha256 } from "./tarball.ts";
