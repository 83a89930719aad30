import type { ClusterPlan } from "@slurmlab/config-gen";
import { z } from "zod";
import { claim } from "./claims.ts";
import { defineFault } from "./fault.ts";
import { lacksDaemon, lacksOwnFiles } from "./lacking.ts";
import { target } from "./target.ts";

/** As a node that came back from repair with a memory module less. 20.11 drains it, later releases call it INVALID_REG. */
export const moreMemoryThanReal = defineFault({
  name: "more-memory-than-real",
  summary:
    "Lets slurm.conf claim more memory than a worker has: Slurm drains the node with the reason Low RealMemory.",
  schema: z.strictObject({
    fault: z.literal("more-memory-than-real"),
    on: target,
    memoryMb: z.int().min(1).default(99_999_999).meta({ description: "RealMemory, in MiB" }),
  }),
  lacks: ({ on }, plan) => lacksHardwareCheck(plan) ?? lacksOwnFiles(plan) ?? lacksDaemon(on, "slurmd", plan),
  sentence: ({ on, memoryMb }) => `slurm.conf claims ${memoryMb} MiB for ${on}`,
  async inject({ memoryMb }, context): Promise<void> {
    await claim(() => ({ RealMemory: memoryMb }), context);
  },
});

/** A lab's nodes are what slurm.conf says, whatever the machine has, unless the scenario takes that away. */
export function lacksHardwareCheck({ overrides }: ClusterPlan): string | undefined {
  const said = overrides["slurm.conf"]?.SlurmdParameters;
  if (said !== undefined && !String(said).includes("config_overrides")) return undefined;
  return "the cluster has SlurmdParameters=config_overrides, with which Slurm believes slurm.conf; set it to null under overrides";
}
