import { join } from "node:path";
import { defineConfig } from "vitest/config";

const TEMPORARY = join(import.meta.dirname, "ci/temporary.ts");

const project = (name: string, root: string, include = ["test/**/*.test.ts"]) => ({
  test: { name, root, include, environment: "node" as const, globalSetup: [TEMPORARY] },
});

export default defineConfig({
  test: {
    projects: [
      project("config-gen", "packages/config-gen"),
      project("images", "packages/images"),
      // Many of its tests start the command line as a process, which takes seconds on a busy machine.
      { test: { ...project("harness", "packages/harness").test, testTimeout: 30_000 } },
      project("borders", "ci", ["borders.test.ts"]),
      // On a real container engine: found, installed or started by the setup, as for any command.
      {
        test: {
          name: "real",
          root: ".",
          include: ["packages/*/real/*.test.ts", "scenarios/real/*.test.ts", "examples/*/*.test.ts"],
          globalSetup: [TEMPORARY, "packages/harness/real/setup.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          // Of tests that are `concurrent`: each has a cluster of its own, and most of its time waits for Slurm.
          maxConcurrency: 2,
        },
      },
    ],
  },
});
