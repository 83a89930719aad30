import type { Role } from "@slurmlab/config-gen";
import { type Cluster, nodeNamed, nodeOf } from "../cluster/cluster.ts";
import type { Look } from "../cluster/lens.ts";
import type { Node } from "../cluster/node.ts";
import { LabError } from "../errors/lab-error.ts";
import { type Probe, type Sighting, waitFor } from "./probe.ts";

/**
 * Something that can be seen to be true of a cluster: a program to run on a node, and a judgement of what it
 * printed. The judgement is pure, so it is tested on recorded output.
 */
export interface Condition<T> {
  /** `job 3 to be COMPLETED`. */
  readonly title: string;
  /** The node that is asked: the first with a role, or one by its name. */
  readonly at: Role | { readonly node: string };
  readonly argv: readonly string[];
  readonly user?: string;
  judge(look: Look): Sighting<T>;
}

/** The node that a condition asks. */
export function nodeAsked(cluster: Cluster, { at }: Pick<Condition<unknown>, "at">): Node {
  return typeof at === "string" ? nodeOf(cluster, at) : nodeNamed(cluster, at.node);
}

/** Waits until a condition is met, asking about every 50 ms through one open channel. */
export async function until<T>(
  cluster: Cluster,
  condition: Condition<T>,
  options: { withinMs: number; signal: AbortSignal },
): Promise<T> {
  const user = condition.user ? { user: condition.user } : {};
  await using lens = await nodeAsked(cluster, condition).lens(condition.argv, user);
  const probe: Probe<T> = { title: condition.title, look: async () => condition.judge(await lens.look()) };
  return await cluster.waits.during(waitFor(probe, options));
}

/** Looks once: rejects, with what was seen, when the condition is not met now. */
export async function lookOnce(
  cluster: Cluster,
  condition: Condition<unknown>,
  signal: AbortSignal,
): Promise<void> {
  const options = { signal, ...(condition.user ? { user: condition.user } : {}) };
  const { code, stdout, stderr } = await nodeAsked(cluster, condition).exec(condition.argv, options);
  const sighting = condition.judge({ code, output: stdout + stderr });
  if (sighting.is === "met") return;
  throw new LabError({
    kind: "failed",
    message: `it does not hold now: ${condition.title}`,
    expected: condition.title,
    seen: sighting.is === "pending" ? sighting.saw : sighting.why,
  });
}
