import { describe, expect, test } from "vitest";
import { planCluster, renderBundle, shownPath } from "../src/index.ts";
import { planOf } from "./support/plan.ts";
import { detected, example, FAKE_SECRETS } from "./support/specs.ts";

const a100 = { type: "a100", count: 2 };

function found(gpuDetection: string, slurm: string, gpus: unknown = a100, rest: object = {}) {
  const nodes = [{ name: "g1", roles: ["slurmd"], gpus }];
  const result = planCluster({ gpuDetection, nodes, ...rest }, { defaultSlurm: slurm });
  return result.ok ? [] : result.problems.map(({ path, message, hint }) => [path, message, hint]);
}

test("gres.conf names the device files unless something else is said", () => {
  expect(planOf({ nodes: [{ name: "c1", roles: ["slurmd"] }] }).gpuDetection).toBe("file");
});

describe("what a release cannot do", () => {
  test("nvml before 22.05 is a problem with what can be had instead", () => {
    expect(found("nvml", "20.11")).toEqual([
      [
        "gpuDetection",
        "AutoDetect=nvml needs Slurm 22.05 or newer, seen 20.11",
        "no package of 20.11 has the NVML plugin, and slurmd ends without it; file and fake can be had",
      ],
    ]);
  });

  test.each([
    ["20.11", "file and fake"],
    ["22.05", "nvml, file and fake"],
  ])("nvidia in %s is one, where there are %s", (slurm, instead) => {
    expect(found("nvidia", slurm)).toEqual([
      [
        "gpuDetection",
        `AutoDetect=nvidia needs Slurm 24.11 or newer, seen ${slurm}`,
        `${slurm} goes on without GPUs; ${instead} can be had`,
      ],
    ]);
  });

  test.each([
    ["20.11", ["file", "fake"]],
    ["22.05", ["file", "nvml", "fake"]],
    ["24.11", ["file", "nvml", "nvidia", "fake"]],
    ["26.05", ["file", "nvml", "nvidia", "fake"]],
  ])("%s can do %j", (slurm, ways) => {
    for (const way of ways) expect(found(way, slurm)).toEqual([]);
  });
});

describe("GPUs that slurmd finds by itself", () => {
  test("have the cores that it finds, so none can be said", () => {
    expect(found("nvml", "24.11", { ...a100, cores: "0-1" })).toEqual([
      [
        "nodes[0].gpus",
        "cores are found by AutoDetect=nvml: the machine's, seen 0-1",
        "gpuDetection: file and fake take cores as written",
      ],
    ]);
    expect(found("fake", "24.11", { ...a100, cores: "0-1" })).toEqual([]);
  });

  const rtx3070 = { type: "rtx3070", count: 1 };
  test("must be called by a part of the name that the driver gives them", () => {
    expect(found("nvidia", "24.11", rtx3070)).toEqual([
      [
        "nodes[0].gpus",
        'AutoDetect=nvidia finds "nvidia_geforce_rtx_3070", of which "rtx3070" is no part, so Slurm would ignore these GPUs',
        'expected a part of that name, or gpuDetection: "file"',
      ],
    ]);
    expect(found("nvidia", "24.11", { type: "3070", count: 1 })).toEqual([]);
  });

  test.each([
    ["without a type", { ...rtx3070, typed: false }],
    ["that are real, whose names are the driver's", { ...rtx3070, mode: "real" }],
    ["of a type that nobody sells", { type: "1g.5gb", count: 1 }],
    ["whatever the case of the type", { type: "A100", count: 1 }],
  ])("are taken %s", (_, gpus) => {
    expect(found("nvml", "24.11", gpus)).toEqual([]);
  });
});

test("fake_gpus.conf is not said twice", () => {
  const files = { "fake_gpus.conf": "x\n" };
  expect(found("fake", "24.11", a100, { files }).map(([path]) => path)).toEqual(["files.fake_gpus.conf"]);
  expect(found("file", "24.11", a100, { files })).toEqual([]);
});

describe("fake_gpus.conf", () => {
  const filesOf = (rest: object) => {
    const { spec, ground } = example({ ...detected("fake"), ...rest }, "v1");
    return renderBundle(planOf(spec), ground, FAKE_SECRETS).filter((file) =>
      file.path.endsWith("fake_gpus.conf"),
    );
  };

  test("is for the nodes that have these GPUs, and for no others", () => {
    expect(filesOf({}).map(({ nodes, roles }) => [nodes, roles])).toEqual([
      [["g1", "g2"], ["slurmd"]],
      [["g3"], ["slurmd"]],
    ]);
  });

  test.each([
    [false, "/etc/slurm/fake_gpus.conf.g[1-2]"],
    [true, "/var/spool/slurmd/conf-cache/fake_gpus.conf.g[1-2]"],
  ])("is where slurm.conf is (configless: %s)", (configless, path) => {
    const [first] = filesOf({ configless });
    expect(first && shownPath(first)).toBe(path);
  });

  test("counts as many CPUs as its cores need, where the node says none", () => {
    const nodes = [{ name: "g1", roles: ["slurmd"], gpus: { type: "a100", count: 1, cores: "2,4-6" } }];
    expect(filesOf({ defaults: "slurm", nodes })[0]?.content).toContain(
      "\na100|7|2,4-6|(null)|/dev/nvidia0|",
    );
  });
});
