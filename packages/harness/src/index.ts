/**
 * slurmlab as a library: what scenarios are written with, verbs of one's own, and clusters for tests of one's own tools.
 * The fixture for vitest is in `@slurmlab/harness/vitest`.
 */
export type { ClusterPlan, ClusterSpecInput } from "@slurmlab/config-gen";
export type { ExecOptions, ExecResult } from "./engine/engine.ts";
export { type ErrorKind, LabError } from "./errors/lab-error.ts";
export type { RunResult, Verdict } from "./report/result.ts";
export type { ParameterSpecs } from "./scenario/parameters.ts";
export {
  type Scenario,
  type ScenarioContext,
  type ScenarioDefinition,
  scenario,
} from "./scenario/scenario.ts";
export { type LabCluster, type LabClusterOptions, startLabCluster } from "./testing/lab-cluster.ts";
export type { Job } from "./verbs/job.ts";
export type { Random } from "./verbs/random.ts";
export { defineVerb, type StepContext, type Verb } from "./verbs/verb.ts";
