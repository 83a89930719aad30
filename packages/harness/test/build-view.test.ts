import { describe, expect, test } from "vitest";
import { buildSets, type SetToBuild } from "../src/cli/images/build-view.ts";
import { stageOf } from "../src/cli/images/watch.ts";

/** Builds these sets, and gives the lines that a pipe would see. */
async function linesOf(sets: readonly SetToBuild[], concurrent = 2): Promise<string[]> {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  await buildSets(sets, { live: false, concurrent, say, detail: () => {} });
  return lines;
}

const one = (slurm: string): SetToBuild => ({
  slurm,
  images: ["slurmd"],
  async build(watch) {
    watch.line("slurmd", "[slurmd 1/1] RUN /build/install slurmd");
    watch.line("slurmd", "Unpacking slurmd ...");
    watch.done("slurmd", `slurmlab/slurmd:${slurm}-0123456789ab`, 12);
  },
});

describe("in a pipe", () => {
  test("a build says where each image is, and when it is done", async () => {
    expect(await linesOf([one("24.11")])).toEqual([
      "building slurmd: [slurmd 1/1] RUN /build/install slurmd",
      "slurmd: slurmlab/slurmd:24.11-0123456789ab (12.0 s)",
    ]);
  });

  test("every line of several releases begins with its release", async () => {
    const lines = await linesOf([one("24.11"), one("26.05")]);
    expect(lines.filter((line) => !/^(24\.11|26\.05) /.test(line))).toEqual([]);
    expect(lines).toHaveLength(4);
  });
});

test("no more releases are built at a time than was said", async () => {
  let [now, most] = [0, 0];
  const sets = ["20.11", "22.05", "24.11", "26.05"].map((slurm) => ({
    ...one(slurm),
    async build() {
      most = Math.max(most, ++now);
      await new Promise(setImmediate);
      now--;
    },
  }));
  await linesOf(sets, 3);
  expect(most).toBe(3);
});

test("a release that fails does not stop the others, and its failure is what is told", async () => {
  const built: string[] = [];
  const sets = ["20.11", "22.05", "24.11"].map((slurm) => ({
    ...one(slurm),
    async build() {
      if (slurm === "22.05") throw new Error("no mirror");
      built.push(slurm);
    },
  }));
  await expect(linesOf(sets)).rejects.toThrow("no mirror");
  expect(built).toEqual(["20.11", "24.11"]);
});

test("of a build's output, only steps and reasons say where it is, cut to a line of a terminal", () => {
  expect(stageOf("Setting up munge (0.5.16-1) ...")).toBeUndefined();
  expect(stageOf("I: extracting archives...")).toBe("I: extracting archives...");
  expect(stageOf(`[common 2/2] RUN ${"x".repeat(100)}`)).toHaveLength(90);
});
