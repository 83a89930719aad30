import { type ClusterSpecInput, type Problem, planCluster } from "@slurmlab/config-gen";
import { DEFAULT_SLURM } from "@slurmlab/images";
import { isRecord } from "../document/yaml-document.ts";

/** The cluster that `--without-fault` uses: maps are merged, everything else of the patch replaces what it stands for. */
export function patched(cluster: ClusterSpecInput, patch: Partial<ClusterSpecInput>): ClusterSpecInput {
  return merge(cluster, patch) as ClusterSpecInput;
}

/** What is wrong with a scenario's `without`: it must be a map that changes something and leaves a right cluster. */
export function withoutProblems(cluster: unknown, without: unknown): Problem[] {
  if (!isRecord(without) || Object.keys(without).length === 0) {
    const message = "expected a map with keys of the cluster, for the run without the fault";
    return [{ severity: "error", path: "", message }];
  }
  // The cluster's own problems are told of where the cluster is checked.
  if (!isRecord(cluster) || !planCluster(cluster, { defaultSlurm: DEFAULT_SLURM }).ok) return [];
  const planned = planCluster(merge(cluster, without), { defaultSlurm: DEFAULT_SLURM });
  return planned.ok ? [] : [...planned.problems];
}

function merge(base: unknown, patch: unknown): unknown {
  if (!isRecord(base) || !isRecord(patch)) return patch;
  const merged = Object.entries(patch).map(([key, value]) => [key, merge(base[key], value)]);
  return { ...base, ...Object.fromEntries(merged) };
}
