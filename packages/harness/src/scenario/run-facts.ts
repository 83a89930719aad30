import type { Cluster } from "../cluster/cluster.ts";
import type { LabError } from "../errors/lab-error.ts";
import type { Verdict } from "../report/result.ts";

/** What became of a run: `skipped` says why it could not be tried, `error` what ended it. */
export function verdictOf(skipped: string | undefined, error: LabError | undefined): Verdict {
  if (skipped !== undefined) return "skipped";
  switch (error?.kind) {
    case undefined:
      return "passed";
    case "interrupted":
    case "bad-input":
    case "failed":
      return error.kind;
    default:
      return "broken";
  }
}

/** What the cluster stands on, as a reader wants to know it: `cgroup v1; 2 mock GPUs ...`. */
export function groundOf(cluster: Cluster | undefined): string {
  const { facts, gpus } = cluster ?? {};
  return [facts ? `cgroup ${facts.cgroup}` : "", gpus?.line ?? ""].filter(Boolean).join("; ");
}
