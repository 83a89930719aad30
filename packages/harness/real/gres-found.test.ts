import { type ClusterSpecInput, type GpuDetection, planCluster } from "@slurmlab/config-gen";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { DockerEngine } from "../src/engine/docker.ts";
import type { Engine } from "../src/engine/engine.ts";
import { gresFound } from "./support/gpu-lab.ts";

// slurmd's own view of a worker, without a cluster: every way of telling it of its GPUs comes to the same.

let engine: Engine;
beforeAll(async () => {
  engine = await DockerEngine.connect({ socketPath: inject("socket") });
});

type Gpus = NonNullable<ClusterSpecInput["nodes"][number]["gpus"]>;

async function found(slurm: string, gpuDetection: GpuDetection, gpus: Gpus) {
  // Two sockets, as GPUs that are near to a part of one make a node INVAL; more CPUs than this machine may have.
  const node = { name: "g1", roles: ["slurmd" as const], cpus: 8, sockets: 2, gpus };
  const result = planCluster({ slurm, gpuDetection, nodes: [node] }, { defaultSlurm: slurm });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return gresFound(engine, inject("slurmImages")[slurm]?.slurmd ?? "", result.plan);
}

/** One line a GPU, whatever slurmd puts together on one; the t4 has a share of mps too, of none. */
function devices(gres: Awaited<ReturnType<typeof found>>["found"]): string[] {
  return gres
    .filter(({ count }) => count > 0)
    .flatMap(({ name, type, count, file }) => {
      const range = /^(.*)\[(\d+)-(\d+)\]$/.exec(file);
      if (!range) return [`${name}:${type ?? ""}:${count} ${file}`];
      const [from, to] = [Number(range[2]), Number(range[3])];
      const each = count / (to - from + 1);
      return Array.from(
        { length: to - from + 1 },
        (_, i) => `${name}:${type ?? ""}:${each} ${range[1]}${from + i}`,
      );
    });
}

const WAYS: ReadonlyArray<readonly [slurm: string, ways: readonly GpuDetection[]]> = [
  ["20.11", ["file", "fake"]],
  ["22.05", ["file", "nvml", "fake"]],
  ["24.11", ["file", "nvml", "nvidia", "fake"]],
  ["26.05", ["file", "nvidia", "fake"]],
];

describe.each(WAYS.flatMap(([slurm, ways]) => ways.map((way) => [slurm, way] as const)))(
  "slurmd %s with gpuDetection: %s finds",
  (slurm, way) => {
    test("GPUs of two types by their device files, and what shares them", async () => {
      const gpus = [
        { type: "a100", count: 2, mps: 200 },
        { type: "t4", count: 1 },
      ];
      const { found: gres, log } = await found(slurm, way, gpus);
      expect(devices(gres).sort(), log).toEqual([
        "gpu:a100:1 /dev/nvidia0",
        "gpu:a100:1 /dev/nvidia1",
        "gpu:t4:1 /dev/nvidia2",
        "mps:a100:100 /dev/nvidia0",
        "mps:a100:100 /dev/nvidia1",
      ]);
    });

    test("GPUs that slurm.conf gives no type", async () => {
      const { found: gres, log } = await found(slurm, way, { type: "h100", count: 2, typed: false });
      expect(devices(gres).sort(), log).toEqual(["gpu::1 /dev/nvidia0", "gpu::1 /dev/nvidia1"]);
    });
  },
);

test.each(["20.11", "26.05"])("cores that fake_gpus.conf names are near, to slurmd %s", async (slurm) => {
  const { log } = await found(slurm, "fake", { type: "a100", count: 2, cores: "4-7" });
  expect(log).toMatch(/File=\/dev\/nvidia0 Cores=4-7 CoreCnt=8/);
});

test.each(["22.05", "24.11"])(
  "AutoDetect=nvml of slurmd %s takes all cores of a node larger than the machine to be near",
  async (slurm) => {
    const { log } = await found(slurm, "nvml", { type: "a100", count: 1 });
    expect(log).toMatch(/File=\/dev\/nvidia0 Cores=0-7 CoreCnt=8/);
  },
);
