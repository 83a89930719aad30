import { createHash } from "node:crypto";
import { type ClusterPlan, expandHostlist, ROLES, workersOf } from "@slurmlab/config-gen";
import { z } from "zod";

/** Words that stand for some of the workers, chosen by the run's seed. */
const SHARES = ["one", "minority", "all"] as const;
type Share = (typeof SHARES)[number];

/** Where a fault goes. */
export const target = z.string().min(1).meta({
  description:
    "a node or hostlist; a role, which means the first node that has it; or `one`, `minority` (fewer than half) or `all` of the workers, chosen by the run's seed",
});

export type Chosen = { readonly names: readonly string[] } | { readonly problem: string };

/** The nodes that `on` means. Pure: the same seed and plan give the same nodes. */
export function chooseNodes(on: string, plan: ClusterPlan, seed: string): Chosen {
  const names = plan.nodes.map((node) => node.name);
  if (names.includes(on)) return { names: [on] };
  if (isShare(on))
    return share(
      on,
      workersOf(plan).map((node) => node.name),
      seed,
    );
  const role = ROLES.find((each) => each === on);
  if (role) {
    const node = plan.nodes.find((each) => each.roles.includes(role));
    return node ? { names: [node.name] } : { problem: `the cluster has no node with the role ${role}` };
  }
  try {
    const wanted = expandHostlist(on);
    const strangers = wanted.filter((name) => !names.includes(name));
    if (strangers.length === 0) return { names: wanted };
    return { problem: `the cluster has no node "${strangers[0]}"` };
  } catch {
    return { problem: `"${on}" is neither a node, nor a role, nor ${SHARES.join(", ")}` };
  }
}

function share(word: Share, workers: readonly string[], seed: string): Chosen {
  const most = Math.ceil(workers.length / 2) - 1;
  if (word === "minority" && most < 1)
    return { problem: `a minority needs three workers, and the cluster has ${workers.length}` };
  const count = { one: 1, minority: most, all: workers.length }[word];
  const rank = (name: string) => createHash("sha256").update(`${seed} ${name}`).digest("hex");
  const ranked = [...workers].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  const chosen = new Set(ranked.slice(0, count));
  return { names: workers.filter((name) => chosen.has(name)) };
}

function isShare(word: string): word is Share {
  return SHARES.some((each) => each === word);
}
