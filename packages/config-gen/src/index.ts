export { nearest } from "./nearest.ts";
export { formatProblem, type Problem } from "./problem.ts";
export { type ConfigFile, renderBundle } from "./render/bundle.ts";
export { DATABASE } from "./render/database.ts";
export type { Ground, NodeGpus, Secrets } from "./render/ground.ts";
export { nodeWith, workersOf } from "./render/nodes.ts";
export { compressHostlist, expandHostlist, HostlistError } from "./slurm/hostlist.ts";
export { parseMemoryMb } from "./slurm/memory.ts";
export { compareVersions, majorOf, parseVersion, type SlurmVersion, since } from "./slurm/version.ts";
export { problemsFrom } from "./spec/issues.ts";
export {
  type ClusterPlan,
  type PlannedNode,
  type PlannedPartition,
  type PlanResult,
  planCluster,
} from "./spec/plan.ts";
export {
  type ClusterSpec,
  type ClusterSpecInput,
  clusterSpecSchema,
  GPU_MODES,
  type GpuMode,
  type GpuSpec,
  ROLES,
  type Role,
} from "./spec/schema.ts";
