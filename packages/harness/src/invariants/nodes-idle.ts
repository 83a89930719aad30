import { workersOf } from "@slurmlab/config-gen";
import { allIdle } from "../cluster/ready.ts";
import { until } from "../conditions/condition.ts";
import { defineInvariant } from "./invariant.ts";

export const nodesIdle = defineInvariant({
  name: "nodes-idle",
  claim: "every node is IDLE again",
  async check({ cluster, signal }): Promise<void> {
    const workers = workersOf(cluster.plan).map((node) => node.name);
    const condition = {
      title: "every node to be IDLE again",
      at: "slurmctld" as const,
      argv: ["scontrol", "-o", "show", "node"],
      judge: (look: Parameters<typeof allIdle>[0]) => allIdle(look, workers),
    };
    await until(cluster, condition, { withinMs: 30_000, signal });
  },
});
