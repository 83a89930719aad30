import { nodesIdle as idle } from "../cluster/ready.ts";
import { workersUp } from "../cluster/workers.ts";
import { until } from "../conditions/condition.ts";
import { defineInvariant } from "./invariant.ts";

export const nodesIdle = defineInvariant({
  name: "nodes-idle",
  claim: "every node is IDLE again",
  async check({ cluster, signal }): Promise<void> {
    const workers = workersUp(cluster.plan);
    await until(cluster, idle("every node to be IDLE again", workers), { withinMs: 30_000, signal });
  },
});
