import { CATALOG, nextRelease } from "@slurmlab/images";
import { z } from "zod";
import { type Cluster, nodeNamed } from "../cluster/cluster.ts";
import type { Node } from "../cluster/node.ts";
import { type Patience, withPatience } from "../cluster/patience.ts";
import type { Release } from "../cluster/release.ts";
import type { Daemon } from "../cluster/roles.ts";
import { type Upgrade, upgradeInPlace, upgradeInVain } from "../cluster/upgrade.ts";
import { nodesFor, UPGRADE_PARTS, type UpgradePart, whyNotNow } from "../cluster/upgrade-order.ts";
import { runningParts } from "../cluster/upgrade-state.ts";
import { matching } from "../conditions/matching.ts";
import { met, pending, waitFor } from "../conditions/probe.ts";
import { LabError } from "../errors/lab-error.ts";
import { duration } from "./duration.ts";
import { pattern } from "./pattern.ts";
import { defineVerb } from "./verb.ts";

const RELEASES = CATALOG.map(({ slurm }) => slurm).join(", ");

const schema = z.strictObject({
  daemon: z.enum(UPGRADE_PARTS).meta({ description: "client: the commands on the login node" }),
  on: z
    .string()
    .optional()
    .meta({ description: "a node or a role; default: every node that has it, one after the other" }),
  to: z
    .union([z.literal("next"), z.string().regex(/^\d\d\.\d\d$/)], {
      error: 'expected a Slurm release such as "26.05", or "next"',
    })
    .default("next")
    .meta({
      description: `a release of the catalog (${RELEASES}), or \`next\`: the one after the cluster's`,
    }),
  force: z
    .boolean()
    .default(false)
    .meta({ description: "also what Slurm does not allow: out of turn, backwards, too far" }),
  fails: pattern.optional().meta({
    description: "what the new daemon must log instead of coming up; the old one is then started again",
  }),
  within: duration.prefault("60s").meta({ description: "how long `fails` may take" }),
});

export const upgrade = defineVerb({
  name: "upgrade",
  summary:
    "Takes a daemon to another Slurm release in place, on the state and beside the jobs of the old one; the result says what became of what, and how long users waited.",
  schema,
  result: "text",
  disturbs: true,
  sentence: ({ daemon, on, to, fails }) => {
    const what = `${daemon}${on ? ` on ${on}` : ""}`;
    const release = to === "next" ? "the next release" : to;
    return fails ? `${what} does not come up as ${release}: ${fails}` : `upgrade ${what} to ${release}`;
  },
  finding: (result: string) => result,
  check: ({ daemon, on }, plan) => {
    const nodes = nodesFor(plan, daemon, on);
    if (typeof nodes === "string") return nodes;
    const packed = plan.nodes.find(({ name, pack }) => pack && nodes.includes(name));
    return packed && `${packed.name} shares its machine with other nodes, which cannot be upgraded yet`;
  },
  async run(input, { cluster, daemons, signal }): Promise<string> {
    const { daemon: part, fails } = input;
    const order: Upgrade = {
      part,
      nodes: nodesOf(cluster, part, input.on),
      to: releaseOf(cluster, input.to),
    };
    if (!input.force && !fails) checkTurn(cluster, order);
    const first = nodeNamed(cluster, order.nodes[0] ?? "");
    const before = await version(first, part);
    if (fails) {
      await upgradeInVain(cluster, order, daemons, (node) =>
        doesNotComeUp(node, part, { fails, withinMs: input.within, signal }),
      );
      return `${before} goes on`;
    }
    const patience = await withPatience(cluster, () => upgradeInPlace(cluster, order, daemons));
    return [`${before} became ${await version(first, part)}`, ...patience.map(told)].join(", ");
  },
  leftOut: async () => "nothing was upgraded",
});

function nodesOf(cluster: Cluster, part: UpgradePart, on: string | undefined): string[] {
  const nodes = nodesFor(cluster.plan, part, on);
  if (typeof nodes === "string") throw new LabError({ kind: "bad-input", message: nodes });
  return nodes;
}

/** Its images were made before the start, and so was its configuration. */
function releaseOf({ plan, upgrades }: Cluster, to: string): Release {
  const slurm = to === "next" ? nextRelease(plan.slurm) : to;
  const release = upgrades.find((each) => each.images.slurm === slurm);
  if (release) return release;
  throw new LabError({
    kind: "bad-input",
    message: `the scenario has not said that it upgrades to ${slurm ?? "a release after the newest"}`,
    expected: upgrades.map((each) => each.images.slurm).join(", ") || "no upgrade",
    hint: `upgradesTo: ["${to}"] beside its cluster`,
  });
}

/** A YAML scenario was checked for this before its start; one in TypeScript can only be now. */
function checkTurn(cluster: Cluster, { part, nodes, to }: Upgrade): void {
  const why = whyNotNow(runningParts(cluster), { part, nodes, to: to.images.slurm });
  if (why === undefined) return;
  throw new LabError({
    kind: "bad-input",
    message: "Slurm does not allow this upgrade",
    seen: why,
    hint: "`fails: TEXT` tries it and expects that, `force: true` does it all the same",
  });
}

/** `26.05.5`, as the program says of itself. */
async function version(node: Node, part: UpgradePart): Promise<string> {
  const printed =
    part === "client" ? await node.run(["sinfo", "-V"]) : await node.run([part, "-V"], { beside: part });
  return printed.trim().split(/\s+/).at(-1) ?? "";
}

/** Looks where the daemon's log ends; what is returned waits for the text behind that, and then for no answer. */
async function doesNotComeUp(
  node: Node,
  daemon: UpgradePart,
  wish: { readonly fails: RegExp; readonly withinMs: number; readonly signal: AbortSignal },
): Promise<() => Promise<void>> {
  const log = `/var/log/slurm/${daemon}.log`;
  const { stdout } = await node.exec(["stat", "-c", "%s", log]);
  const argv = ["tail", "-c", `+${Number(stdout) + 1}`, log];
  return async () => {
    await using lens = await node.lens(argv);
    const title = `${daemon} on ${node.name} to log ${wish.fails}`;
    const look = async () => {
      const { output } = await lens.look();
      return matching(wish.fails, output) ? met(true) : pending(lastLines(output));
    };
    await waitFor({ title, look }, wish);
    // It may run on without being up, and it may have gone on after all.
    const { code } = await node.exec(["/usr/lib/slurmlab/health", daemon], {
      beside: daemon as Daemon["name"],
    });
    if (code !== 0) return;
    throw new LabError({
      kind: "failed",
      message: `${daemon} came up all the same`,
      expected: "it not to answer",
      seen: lastLines((await lens.look()).output),
      where: node.name,
    });
  };
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-5).join("\n") || "nothing yet";
}

function told({ name, longest, refused }: Patience): string {
  const often = refused === 0 ? "" : ` (${refused} ${refused === 1 ? "try" : "tries"} refused)`;
  return `${name} waited ${longest.toFixed(1)} s at most${often}`;
}
