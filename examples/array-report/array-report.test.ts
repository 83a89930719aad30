import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LabCluster } from "@slurmlab/harness";
import { clusterTest } from "@slurmlab/harness/vitest";
import { describe, expect } from "vitest";

const test = clusterTest({ nodes: [{ name: "c[1-2]", roles: ["slurmd"], cpus: 2 }] });

const TOOL = readFileSync(join(import.meta.dirname, "array-report.sh"), "utf8");

/** Runs the tool in the user's home, as a user would. */
async function arrayReport(cluster: LabCluster, ...args: string[]) {
  const home = `/home/${cluster.user}`;
  await cluster.writeFile(`${home}/array-report.sh`, TOOL, "755");
  return await cluster.exec(["./array-report.sh", ...args], { workdir: home });
}

describe("array-report.sh", () => {
  test("says nothing of an array whose tasks all complete", async ({ cluster }) => {
    expect(await arrayReport(cluster, "0-3", "true")).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test("names the indices that failed, with state and exit code", async ({ cluster }) => {
    const { code, stdout } = await arrayReport(
      cluster,
      "1-6",
      "exit $((SLURM_ARRAY_TASK_ID % 3 == 0 ? 7 : 0))",
    );
    expect({ code, failed: stdout.trim().split("\n").sort() }).toEqual({
      code: 1,
      failed: ["3 FAILED 7:0", "6 FAILED 7:0"],
    });
  });

  test("ends with 2 and sbatch's own words when Slurm refuses the array", async ({ cluster }) => {
    const { code, stderr } = await arrayReport(cluster, "0-nine", "true");
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/Invalid job array specification/),
    });
  });
});
