import {
  type ClusterPlan,
  type ClusterSpecInput,
  formatProblem,
  type Problem,
  planCluster,
} from "../../src/index.ts";

/** The plan of a specification that is right. */
export function planOf(spec: ClusterSpecInput, slurm = "24.11"): ClusterPlan {
  const result = planCluster({ slurm, ...spec }, { defaultSlurm: slurm });
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join("\n"));
  return result.plan;
}

/** The problems of a specification that is not right, whatever its type. */
export function problemsOf(input: unknown, path?: string): readonly Problem[] {
  const result = planCluster(input, { defaultSlurm: "24.11", ...(path === undefined ? {} : { path }) });
  return result.ok ? [] : result.problems;
}

/** A specification of one worker, c1, with these keys besides or instead. */
export function worker(node: object, rest: object = {}): unknown {
  return { nodes: [{ name: "c1", roles: ["slurmd"], ...node }], ...rest };
}
