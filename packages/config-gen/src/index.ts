export { type Imported, importSite } from "./import/exact.ts";
export { HOOK_MODES, type HookMode } from "./import/hooks.ts";
export { formatNote, type Note } from "./import/note.ts";
export { shrinkSite } from "./import/shrink.ts";
export {
  CHANGES,
  type Change,
  findKey,
  type KeyType,
  keyHistory,
  knowledgeOf,
  PLUGIN_KEYS,
  RELEASES,
  type SlurmKnowledge,
} from "./knowledge/knowledge.ts";
export { judgeSite, lintSite } from "./lint/lint.ts";
export { nearest } from "./nearest.ts";
export { PRESET_TITLES, PRESETS, type PresetName } from "./presets.ts";
export { formatProblem, type Place, type Problem } from "./problem.ts";
export { essenceOf } from "./read/essence.ts";
export { isSecret } from "./read/secrets.ts";
export { readSite, type Site } from "./read/site.ts";
export type { SiteFile, SiteFiles } from "./read/site-files.ts";
export { type ConfigFile, renderBundle, shownPath } from "./render/bundle.ts";
export { accountingCommands, reservationCommands } from "./render/commands.ts";
export { DATABASE, databaseName, databaseUser } from "./render/database.ts";
export { cgroupOf, type Ground, type NodeGpus, type Secrets } from "./render/ground.ts";
export {
  controllersOf,
  isPresent,
  machinesOf,
  nodeWith,
  type PlannedMachine,
  stateOnNfs,
  workersOf,
} from "./render/nodes.ts";
export { stateSaveLocation } from "./render/paths.ts";
export { confServer } from "./render/slurm-conf-said.ts";
export { compressHostlist, expandHostlist, HostlistError } from "./slurm/hostlist.ts";
export { parseMemoryMb } from "./slurm/memory.ts";
export { type Upgrade, upgrade } from "./slurm/upgrade.ts";
export { compareVersions, majorOf, parseVersion, type SlurmVersion, since } from "./slurm/version.ts";
export { accountsOf, unixUsers } from "./spec/check-accounting.ts";
export type { GpuDetection } from "./spec/gpu-detection.ts";
export { gpuModel } from "./spec/gpu-models.ts";
export { problemsFrom } from "./spec/issues.ts";
export { clusterJsonSchema } from "./spec/json-schema.ts";
export { GPU_MODES, type GpuMode, type GpuSpec, ROLES, type Role } from "./spec/node-schema.ts";
export { type PlanResult, planCluster } from "./spec/plan.ts";
export type { ClusterPlan, PlannedNode, PlannedPartition } from "./spec/planned.ts";
export {
  prefixOf,
  ScaleError,
  scaledSpec,
  type WorkerKind,
  type WorkersChange,
  workerKinds,
} from "./spec/scale-spec.ts";
export {
  type ClusterSpec,
  type ClusterSpecInput,
  clusterSpecSchema,
  DEFAULT_CLUSTER,
} from "./spec/schema.ts";
export { VARIANTS, type Variant } from "./spec/variants.ts";
