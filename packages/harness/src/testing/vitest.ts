import type { ClusterSpecInput } from "@slurmlab/config-gen";
import { test as base } from "vitest";
import { evidenceFolder, type LabCluster, startLabCluster } from "./lab-cluster.ts";

/** How a file of tests uses its cluster. */
export interface ClusterTestOptions {
  /** `file`, the default: one cluster for all tests of the file. `test`: a fresh one for each. */
  readonly per?: "file" | "test";
}

/**
 * vitest's `test` with a running cluster: `const test = clusterTest({ nodes: [...] })`, then
 * `test("...", async ({ cluster }) => ...)`. When a test fails, the evidence is saved under `.slurmlab/tests` before the
 * cluster goes. A start takes some seconds, and minutes where images have to be made first: set `testTimeout` and
 * `hookTimeout` accordingly.
 */
export function clusterTest(spec: ClusterSpecInput, { per = "file" }: ClusterTestOptions = {}) {
  return base.extend<{ cluster: LabCluster; evidence: undefined }>({
    cluster: [
      // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture needs from this pattern.
      async ({}, use) => {
        await using cluster = await startLabCluster(spec, { name: "vitest" });
        await use(cluster);
      },
      { scope: per },
    ],
    // It ends before the cluster that it needs.
    evidence: [
      async ({ cluster, task }, use) => {
        await use(undefined);
        if (task.result?.state !== "fail") return;
        const folder = evidenceFolder(`${cluster.id}/${task.name.replaceAll(/[^\w-]+/g, "-").slice(0, 60)}`);
        await cluster.saveEvidence(folder);
        task.meta.evidence = folder;
      },
      { auto: true },
    ],
  });
}

declare module "vitest" {
  interface TaskMeta {
    /** Where the evidence of a test that failed is. */
    evidence?: string;
  }
}
