import type { Role } from "@slurmlab/config-gen";
import { type Cluster, nodeOf } from "../cluster/cluster.ts";
import type { Look } from "../cluster/lens.ts";
import { type Probe, type Sighting, waitFor } from "./probe.ts";

/**
 * Something that can be seen to be true of a cluster: a program to run on a node, and a judgement of what it
 * printed. The judgement is pure, so it is tested on recorded output.
 */
export interface Condition<T> {
  /** `job 3 to be COMPLETED`. */
  readonly title: string;
  /** The node that is asked. */
  readonly at: Role;
  readonly argv: readonly string[];
  readonly user?: string;
  judge(look: Look): Sighting<T>;
}

/** Waits until a condition is met, asking about every 50 ms through one open channel. */
export async function until<T>(
  cluster: Cluster,
  condition: Condition<T>,
  options: { withinMs: number; signal: AbortSignal },
): Promise<T> {
  const user = condition.user ? { user: condition.user } : {};
  await using lens = await nodeOf(cluster, condition.at).lens(condition.argv, user);
  const probe: Probe<T> = { title: condition.title, look: async () => condition.judge(await lens.look()) };
  return await waitFor(probe, options);
}
