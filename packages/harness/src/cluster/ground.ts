import type { ClusterPlan, Ground, NodeGpus } from "@slurmlab/config-gen";
import { since, workersOf } from "@slurmlab/config-gen";
import type { Engine } from "../engine/engine.ts";
import type { Labels } from "../engine/labels.ts";
import { LabError } from "../errors/lab-error.ts";
import { COMMON_CAPABILITIES } from "./roles.ts";

/** What the machine under the engine allows, and why not where it does not. */
export interface Facts {
  readonly cgroup: Ground["cgroup"];
  readonly cgroupWhy: string;
  /** Major number for mock GPU devices, or why there can be none. */
  readonly mockGpus: { readonly major: number } | { readonly why: string };
  /** Models of the host's NVIDIA GPUs, by index. Empty without a driver. */
  readonly hostGpus: readonly string[];
}

/** Asks the engine by running a throw-away container with what a worker would have. */
export async function probeGround(
  engine: Engine,
  probe: { name: string; image: string; labels: Labels },
): Promise<Facts> {
  const id = await engine.createContainer({
    name: probe.name,
    hostname: "ground",
    image: probe.image,
    labels: probe.labels,
    capabilities: [...COMMON_CAPABILITIES, "SYS_ADMIN", "MKNOD"],
    mounts: true,
    entrypoint: ["/usr/lib/slurmlab/ground"],
  });
  try {
    await engine.startContainer(id);
    const code = await engine.waitForExit(id);
    const log = await engine.containerLog(id);
    if (code !== 0) {
      throw new LabError({
        kind: "broken",
        message: "the engine could not run a probe container",
        seen: `exit ${code}\n${log}`,
      });
    }
    return parseFacts(log);
  } finally {
    await engine.remove("container", id);
  }
}

/** Reads the KEY=VALUE lines of /usr/lib/slurmlab/ground. */
export function parseFacts(log: string): Facts {
  const all = log
    .split("\n")
    .filter((line) => line.includes("="))
    .map((line): [string, string] => [
      line.slice(0, line.indexOf("=")),
      line.slice(line.indexOf("=") + 1).trim(),
    ]);
  const values = new Map(all);
  const cgroup = values.get("cgroup");
  return {
    cgroup: cgroup === "v1" || cgroup === "v2" ? cgroup : "none",
    cgroupWhy: values.get("cgroup_why") ?? "",
    mockGpus:
      values.get("mknod") === "yes"
        ? { major: Number(values.get("gpu_major")) }
        : { why: values.get("mknod_why") ?? "device nodes cannot be made in a container here" },
    hostGpus: all.filter(([key]) => key === "host_gpu").map(([, model]) => model),
  };
}

/** What of it a release can use: Slurm before 22.05 knows cgroup v1 only, and its slurmd does not start on v2. */
export function factsFor(slurm: string, facts: Facts): Facts {
  if (facts.cgroup !== "v2" || since(slurm, "22.05")) return facts;
  return { ...facts, cgroup: "none", cgroupWhy: `the host has cgroup v2, and Slurm ${slurm} knows only v1` };
}

/** Where each node's GPUs come from, decided: mock or real, and which devices. */
export interface GpuDecision {
  readonly mode: "mock" | "real";
  /** One line for the user: what was found and what follows. */
  readonly line: string;
  readonly gpus: Ground["gpus"];
}

/** Why the cluster's GPUs cannot be had here; the scenario is then skipped, not failed. */
export class GpusUnavailable extends Error {
  override name = "GpusUnavailable";
}

/** Chooses real or mock GPUs for the whole cluster, and gives each node its device numbers. */
export function decideGpus(
  plan: ClusterPlan,
  facts: Facts,
  engine: Pick<Engine["facts"], "gpuDriver">,
): GpuDecision | undefined {
  const workers = workersOf(plan).filter((node) => node.gpus.length > 0);
  if (workers.length === 0) return undefined;
  const wanted = workers.reduce((sum, node) => sum + node.gpus.reduce((n, gpu) => n + gpu.count, 0), 0);
  const modes = new Set(workers.flatMap((node) => node.gpus.map((gpu) => gpu.mode)));
  const usable = engine.gpuDriver ? facts.hostGpus.length : 0;
  const found = describeHost(facts, engine);
  if (modes.has("real") && usable < wanted) {
    throw new GpusUnavailable(`${wanted} real NVIDIA GPUs are asked for; ${found}`);
  }
  const mode =
    modes.has("real") || (modes.has("auto") && !modes.has("mock") && usable >= wanted) ? "real" : "mock";
  if (mode === "mock" && "why" in facts.mockGpus) {
    throw new GpusUnavailable(`mock GPUs need device nodes: ${facts.mockGpus.why}`);
  }
  let next = 0;
  const gpus = Object.fromEntries(
    workers.map((node) => {
      // Mock minors start at 0 on every node, as on real machines; real ones are shared out.
      if (mode === "mock") next = 0;
      const share = node.gpus.map((gpu): NodeGpus => {
        const minors = Array.from({ length: gpu.count }, (_, i) => next + i);
        next += gpu.count;
        return { type: gpu.type, minors };
      });
      return [node.name, share];
    }),
  );
  const asked = modes.has("auto") ? `${found}, so ` : "";
  return { mode, gpus, line: `${asked}${mode} GPUs: ${wanted} on ${workers.length} nodes` };
}

function describeHost(facts: Facts, engine: Pick<Engine["facts"], "gpuDriver">): string {
  if (facts.hostGpus.length === 0) return "the host has no NVIDIA driver loaded";
  const cards = `the host has ${facts.hostGpus.length} (${[...new Set(facts.hostGpus)].join(", ")})`;
  return engine.gpuDriver ? cards : `${cards}, but the engine has no NVIDIA container toolkit`;
}
