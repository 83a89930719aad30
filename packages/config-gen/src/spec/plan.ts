import type { Problem } from "../problem.ts";
import { checkAccounting } from "./check-accounting.ts";
import { checkSettings } from "./check-settings.ts";
import { checkTopology } from "./check-topology.ts";
import { checkGpuDetection } from "./gpu-detection.ts";
import { problemsFrom } from "./issues.ts";
import { keysAt } from "./known-keys.ts";
import { hasAccounting } from "./overrides.ts";
import { parseSpec } from "./parse-spec.ts";
import { planNodes } from "./plan-nodes.ts";
import { planPartitions, workerNames } from "./plan-partitions.ts";
import type { ClusterPlan } from "./planned.ts";
import { Problems } from "./problems.ts";
import { clusterSpecSchema } from "./schema.ts";

export type PlanResult =
  | { readonly ok: true; readonly plan: ClusterPlan }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Checks what a person wrote and fills in the rest; all problems at once.
 *
 * `path` is put before every problem's own path; `defaultSlurm` is used when the specification names no release.
 */
export function planCluster(input: unknown, options: { defaultSlurm: string; path?: string }): PlanResult {
  const parsed = parseSpec(input);
  if (!parsed.success) {
    const found = problemsFrom(parsed.error.issues, input, (path) => keysAt(clusterSpecSchema, path));
    return failed(found, options.path);
  }
  const { partitions: _, ...spec } = parsed.data;
  const slurm = spec.slurm ?? options.defaultSlurm;
  const problems = new Problems();
  const nodes = planNodes(parsed.data, hasAccounting(spec), problems);
  const partitions = planPartitions(parsed.data, nodes, problems);
  const workers = workerNames(nodes);
  checkTopology(spec.topology, slurm, workers, problems);
  checkGpuDetection(parsed.data, slurm, problems);
  checkAccounting(parsed.data, workers, problems);
  checkSettings(parsed.data, { slurm, nodes, partitions }, problems);
  if (problems.list.length > 0) return failed(problems.list, options.path);
  return { ok: true, plan: { ...spec, slurm, nodes, partitions, written: input } };
}

function failed(problems: readonly Problem[], prefix = ""): PlanResult {
  if (!prefix) return { ok: false, problems };
  return {
    ok: false,
    problems: problems.map((p) => ({ ...p, path: p.path ? `${prefix}.${p.path}` : prefix })),
  };
}
