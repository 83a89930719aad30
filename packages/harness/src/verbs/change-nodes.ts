import type { PlannedNode } from "@slurmlab/config-gen";
import { z } from "zod";
import { addNode as add, removeNode as remove } from "../cluster/change-nodes.ts";
import { nodesIdle } from "../cluster/ready.ts";
import { until } from "../conditions/condition.ts";
import { defineVerb } from "./verb.ts";

/** A container's start, slurmctld's, slurmd's, and its registration. */
const UP_MS = 60_000;

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,62}$/, { error: "expected the name of one node" });

const sharing = ({ name: node, pack }: PlannedNode) =>
  `${node} shares the machine ${pack?.machine} with other nodes`;

export const addNode = defineVerb({
  name: "add-node",
  summary:
    "Puts one more worker into the running cluster, like another one: into slurm.conf and what else names nodes, on every node; slurmctld is told (up to 23.02 restarted), slurmd started. Waits until it is IDLE.",
  schema: z.strictObject({
    name,
    like: z.string().min(1).meta({ description: "a worker: the same sizes, GPUs and partitions" }),
  }),
  result: "nothing",
  disturbs: true,
  sentence: (input) => `add the node ${input.name}, like ${input.like}`,
  nodes: ({ like }) => [like],
  brings: (input) => [input.name],
  check({ name: wanted, like }, plan) {
    if (plan.nodes.some((node) => node.name === wanted)) return `the cluster has a node "${wanted}"`;
    if (plan.configless) return "the cluster is configless: its workers have no files to change";
    const model = plan.nodes.find((node) => node.name === like);
    if (model?.pack) return sharing(model);
    return model?.roles.join() === "slurmd" ? undefined : `${like} is no worker alone`;
  },
  async run(input, { cluster, daemons, signal }): Promise<void> {
    await add(cluster, input.name, input.like, daemons);
    const idle = nodesIdle(`${input.name} to be IDLE`, [input.name]);
    await until(cluster, idle, { withinMs: UP_MS, signal });
  },
});

export const removeNode = defineVerb({
  name: "remove-node",
  summary:
    "Takes a worker out of the running cluster: slurmd is stopped, its name goes out of slurm.conf and what else names nodes, and slurmctld is told. A job that runs there is lost; drain it before.",
  schema: z.strictObject({ name }),
  result: "nothing",
  disturbs: true,
  sentence: (input) => `remove the node ${input.name}`,
  check({ name: wanted }, plan) {
    const node = plan.nodes.find((each) => each.name === wanted);
    return node?.pack && sharing(node);
  },
  async run(input, { cluster, daemons }): Promise<void> {
    await remove(cluster, input.name, daemons);
  },
});
