import { defineConfig } from "vitest/config";

const project = (name: string, root: string, include = ["test/**/*.test.ts"]) => ({
  test: { name, root, include, environment: "node" as const },
});

export default defineConfig({
  test: {
    projects: [
      project("config-gen", "packages/config-gen"),
      project("images", "packages/images"),
      project("harness", "packages/harness"),
      project("scenarios", "scenarios"),
      project("borders", "ci", ["borders.test.ts"]),
    ],
  },
});
