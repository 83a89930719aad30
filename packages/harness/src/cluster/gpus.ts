import {
  type ClusterPlan,
  type GpuDetection,
  type Ground,
  type NodeGpus,
  workersOf,
} from "@slurmlab/config-gen";
import { Unavailable } from "../errors/unavailable.ts";
import type { Facts } from "./ground.ts";

/** Where each node's GPUs come from, decided: mock or real, and which devices. */
export interface GpuDecision {
  readonly mode: "mock" | "real";
  /** One line for the user: what was found and what follows. */
  readonly line: string;
  readonly gpus: Ground["gpus"];
}

/** Why the cluster's GPUs cannot be had here; the scenario is then skipped, not failed. */
export class GpusUnavailable extends Unavailable {
  override name = "GpusUnavailable";
}

type Found = Pick<Facts, "mockGpus" | "hostGpus" | "realGpus" | "undetectable">;

/** How slurmd comes to know of them, for the user. */
const DETECTION: Readonly<Record<GpuDetection, string>> = {
  file: "named in gres.conf",
  nvml: "found by AutoDetect=nvml",
  nvidia: "found by AutoDetect=nvidia",
  fake: "named in fake_gpus.conf",
};

/** Chooses real or mock GPUs for the whole cluster, and gives each node its device numbers. */
export function decideGpus(plan: ClusterPlan, facts: Found): GpuDecision | undefined {
  const workers = workersOf(plan).filter((node) => node.gpus.length > 0);
  if (workers.length === 0) return undefined;
  const wanted = workers.reduce((sum, node) => sum + node.gpus.reduce((n, gpu) => n + gpu.count, 0), 0);
  const modes = new Set(workers.flatMap((node) => node.gpus.map((gpu) => gpu.mode)));
  const usable = "count" in facts.realGpus ? facts.realGpus.count : 0;
  const found = describeHost(facts);
  if (modes.has("real") && usable < wanted) {
    throw new GpusUnavailable(`${wanted} real NVIDIA GPUs are asked for; ${found}`);
  }
  const mode =
    modes.has("real") || (modes.has("auto") && !modes.has("mock") && usable >= wanted) ? "real" : "mock";
  if (mode === "mock" && "why" in facts.mockGpus) {
    throw new GpusUnavailable(`mock GPUs need device nodes: ${facts.mockGpus.why}`);
  }
  const undetectable = facts.undetectable[plan.gpuDetection];
  // Real ones show themselves in /proc; the plugin for NVML has to be in the image for both.
  if (undetectable !== undefined && (mode === "mock" || plan.gpuDetection === "nvml"))
    throw new GpusUnavailable(`gpuDetection: ${plan.gpuDetection} cannot be had here: ${undetectable}`);
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
  return {
    mode,
    gpus,
    line: `${asked}${mode} GPUs: ${wanted} on ${workers.length} nodes, ${DETECTION[plan.gpuDetection]}`,
  };
}

function describeHost(facts: Found): string {
  if (facts.hostGpus.length === 0) return "the host has no NVIDIA driver loaded";
  const cards = `the host has ${facts.hostGpus.length} (${[...new Set(facts.hostGpus)].join(", ")})`;
  return "why" in facts.realGpus ? `${cards}, but ${facts.realGpus.why}` : cards;
}
