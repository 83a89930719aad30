export type { EnsureTool } from "./base.ts";
export { BuildError, type BuildEvents, buildImages, MovedOn, missingImages } from "./build.ts";
export { CATALOG, DEFAULT_SLURM, findRelease, type SlurmRelease } from "./catalog.ts";
export type { ImageBuild, ImageEngine, StoredImage } from "./engine.ts";
export { IMAGE_LABEL } from "./labels.ts";
export { type ImageSet, imageSet } from "./recipe.ts";
export { IMAGE_ROLES, type ImageRole, imageRoleOf } from "./roles.ts";
