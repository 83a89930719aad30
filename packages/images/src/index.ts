export type { EnsureTool } from "./base.ts";
export { BuildError, type BuildEvents, buildImages, missingImages } from "./build.ts";
export { CATALOG, DEFAULT_SLURM, findRelease, type SlurmRelease, TESTED } from "./catalog.ts";
export type { ImageBuild, ImageEngine } from "./engine.ts";
export { type ImageSet, imageSet, type Recipe } from "./recipe.ts";
