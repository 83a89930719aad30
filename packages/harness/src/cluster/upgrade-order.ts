import type { ClusterPlan } from "@slurmlab/config-gen";
import { compareVersions, nearest, parseVersion, ROLES, type Role, upgrade } from "@slurmlab/config-gen";

/** What is upgraded by itself: a daemon, or the commands that people type on a login node. */
export const UPGRADE_PARTS = ["slurmdbd", "slurmctld", "slurmd", "slurmrestd", "client"] as const;
export type UpgradePart = (typeof UPGRADE_PARTS)[number];

/** A part on a node, and the release that it is of. */
export interface RunningPart {
  readonly part: UpgradePart;
  readonly node: string;
  /** `24.11`, or with its patch level. */
  readonly slurm: string;
}

/** One upgrade of a part, on one node or several. */
export interface UpgradeStep {
  readonly part: UpgradePart;
  readonly nodes: readonly string[];
  readonly to: string;
}

const ROLE_OF: Readonly<Record<UpgradePart, Role>> = {
  slurmdbd: "slurmdbd",
  slurmctld: "slurmctld",
  slurmd: "slurmd",
  slurmrestd: "slurmrestd",
  client: "login",
};

/** slurmdbd must never be older than slurmctld, nor slurmctld than slurmd and the clients (Slurm's page on upgrades). */
const TURN: Readonly<Record<UpgradePart, number>> = {
  slurmdbd: 0,
  slurmctld: 1,
  slurmd: 2,
  slurmrestd: 2,
  client: 2,
};

/** Every part of a cluster, all of one release: how it starts. */
export function partsAt(plan: Pick<ClusterPlan, "nodes">, slurm: string): RunningPart[] {
  return plan.nodes.flatMap((node) =>
    UPGRADE_PARTS.filter((part) => node.roles.includes(ROLE_OF[part])).map((part) => ({
      part,
      node: node.name,
      slurm,
    })),
  );
}

/** The parts after an upgrade. */
export function after(running: readonly RunningPart[], step: UpgradeStep): RunningPart[] {
  return running.map((each) => (isMeant(each, step) ? { ...each, slurm: step.to } : each));
}

/**
 * The nodes that an upgrade is for: all that have the part, or of these the one that `on` names or those with the role
 * that it names. A text says why there is none.
 */
export function nodesFor(
  plan: Pick<ClusterPlan, "nodes">,
  part: UpgradePart,
  on?: string,
): string[] | string {
  const having = plan.nodes.filter((node) => node.roles.includes(ROLE_OF[part]));
  const names = having
    .filter((node) => on === undefined || node.name === on || node.roles.includes(on as Role))
    .map((node) => node.name);
  if (names.length > 0) return names;
  if (having.length === 0) return `no node has ${part === "client" ? "the role login" : part}`;
  const near = nearest(on ?? "", [...having.map((node) => node.name), ...ROLES]);
  return `no node or role "${on}" with ${part}${near ? `; did you mean ${near}?` : ""}`;
}

/** Why Slurm does not allow an upgrade to be done now, as a sentence; undefined when it does. */
export function whyNotNow(running: readonly RunningPart[], step: UpgradeStep): string | undefined {
  const { part, to } = step;
  for (const own of running.filter((each) => isMeant(each, step))) {
    const why = whyNoJump(own.slurm, to);
    if (why !== undefined) return `${part} on ${own.node}: ${why}`;
  }
  for (const other of running) {
    if (TURN[other.part] < TURN[part] && isOlder(other.slurm, to))
      return `${part} ${to} must not be newer than ${other.part}, which is ${other.slurm} on ${other.node}: upgrade that first`;
    if (TURN[other.part] > TURN[part]) {
      const why = whyNoJump(other.slurm, to);
      if (why !== undefined && isOlder(other.slurm, to))
        return `${part} ${to} does not talk to ${other.part} ${other.slurm} on ${other.node}: ${why}`;
    }
  }
  return undefined;
}

/** Why no daemon can be taken from one release to another at once. */
export function whyNoJump(from: string, to: string): string | undefined {
  const jump = upgrade(from, to);
  switch (jump.kind) {
    case "inside":
      return undefined;
    case "same":
      return `it is ${from} already`;
    case "downgrade":
      return `${to} is older than ${from}, and Slurm takes nothing back`;
    case "unknown":
      return `nothing is known of upgrades of Slurm ${jump.release}`;
    case "outside":
      return `${to} does not take what ${from} has written; the way is ${jump.ladder.join(", ")}`;
  }
}

function isMeant(each: RunningPart, step: UpgradeStep): boolean {
  return each.part === step.part && step.nodes.includes(each.node);
}

function isOlder(a: string, b: string): boolean {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  // A patch does not count here: 24.11 and 24.11.5 are one release.
  return left && right
    ? compareVersions({ year: left.year, month: left.month }, { year: right.year, month: right.month }) < 0
    : false;
}
