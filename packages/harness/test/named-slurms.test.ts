import { describe, expect, test } from "vitest";
import { slurmsNamed } from "../src/cli/images/sets.ts";

describe("names of Slurm, as images are saved, pushed, locked and inspected by", () => {
  test("are releases of the catalog, in the order they are given", () => {
    expect(slurmsNamed(["26.05", "22.05"]).map(({ slurm }) => slurm)).toEqual(["26.05", "22.05"]);
  });

  test("are all of the catalog", () => {
    expect(slurmsNamed(["all"]).map(({ slurm }) => slurm)).toEqual(["20.11", "22.05", "24.11", "26.05"]);
  });

  test("are versions that were compiled, beside releases", () => {
    expect(slurmsNamed(["22.05.8", "22.05"]).map(({ slurm }) => slurm)).toEqual(["22.05.8", "22.05"]);
  });

  test("of a version that is not compiled here are told when the engine is asked", async () => {
    const [version] = slurmsNamed(["23.11.10"]);
    const engine = { architecture: "amd64", listImages: async () => [] };
    await expect(version?.images(engine as never)).rejects.toMatchObject({
      kind: "bad-input",
      message: "Slurm 23.11.10 is not compiled here",
    });
  });

  test("of a release whose images are not there are told with what is missing and the command that builds it", async () => {
    const [release] = slurmsNamed(["24.11"]);
    const engine = { architecture: "amd64", listImages: async () => [] };
    await expect(release?.images(engine as never)).rejects.toMatchObject({
      seen: expect.stringContaining("missing: client, login"),
      hint: "pnpm images build --slurm 24.11",
    });
  });

  test("that mean nothing are refused at once", () => {
    expect(() => slurmsNamed(["24.12"])).toThrow(/no Slurm 24.12 in the catalog/);
  });
});
