import { type ClusterPlan, formatProblem, planCluster } from "@slurmlab/config-gen";
import { findRelease, nextRelease, type SlurmRelease } from "@slurmlab/images";
import { after, nodesFor, partsAt, whyNoJump, whyNotNow } from "../cluster/upgrade-order.ts";
import { LabError } from "../errors/lab-error.ts";
import { Unavailable } from "../errors/unavailable.ts";
import { upgrade } from "../verbs/upgrade.ts";
import type { LoadedScenario } from "./load.ts";
import { parseInput } from "./parse-input.ts";
import type { YamlScenario } from "./yaml.ts";

/** A release that a scenario upgrades to, and its cluster as it is planned for that. */
export interface PlannedUpgrade {
  readonly release: SlurmRelease;
  readonly plan: ClusterPlan;
}

/**
 * The releases that a scenario upgrades the nodes of this plan to, planned. Everything that is wrong with an upgrade is
 * found here, before anything starts: rejects with bad input, or {@link Unavailable}, when there is nothing to upgrade to.
 */
export function planUpgrades(scenario: LoadedScenario, plan: ClusterPlan): PlannedUpgrade[] {
  const { body, file } = scenario;
  const wanted =
    body.language === "yaml" ? checkedSteps(body.scenario, plan, file) : (body.scenario.upgradesTo ?? []);
  const releases = new Set(wanted.map((to) => resolve(to, plan.slurm)));
  return [...releases].map((slurm) => {
    const release = findRelease(slurm);
    const planned = planCluster(
      { ...body.scenario.cluster, slurm },
      { defaultSlurm: slurm, path: "cluster" },
    );
    const problems = [...("severity" in release ? [release] : []), ...(planned.ok ? [] : planned.problems)];
    if (planned.ok && !("severity" in release)) return { release, plan: planned.plan };
    throw new LabError({
      kind: "bad-input",
      message: `the cluster cannot be upgraded to Slurm ${slurm}\n${problems.map(formatProblem).join("\n")}`,
      where: file,
    });
  });
}

/** `next` as a release; a release as it is. */
function resolve(to: string, from: string): string {
  if (to !== "next") return to;
  const next = nextRelease(from);
  if (next === undefined) throw new Unavailable(`there is no release after Slurm ${from} to upgrade to`);
  const why = whyNoJump(from, next);
  if (why !== undefined) throw new Unavailable(`Slurm ${from} cannot be upgraded to ${next} at once: ${why}`);
  return next;
}

/** What the steps of a YAML scenario upgrade to; each step is tried on paper after those before it. */
function checkedSteps({ steps }: YamlScenario, plan: ClusterPlan, file: string): string[] {
  let running = partsAt(plan, plan.slurm);
  const wanted: string[] = [];
  for (const { verb, input, line } of steps) {
    if (verb.name !== upgrade.name) continue;
    const parsed = parseInput(upgrade.schema, input);
    // What does not parse was told of when the file was read.
    if (!parsed.ok) continue;
    const { daemon: part, on, force, fails } = parsed.value;
    const to = resolve(parsed.value.to, plan.slurm);
    const nodes = nodesFor(plan, part, on);
    const step = { part, nodes: typeof nodes === "string" ? [] : nodes, to };
    const why = typeof nodes === "string" ? nodes : force || fails ? undefined : whyNotNow(running, step);
    if (why !== undefined)
      throw new LabError({
        kind: "bad-input",
        message: "Slurm does not allow this upgrade",
        seen: why,
        where: `${file}:${line}`,
        hint: "`fails: TEXT` tries it and expects that, `force: true` does it all the same",
      });
    if (!fails) running = after(running, step);
    wanted.push(to);
  }
  return wanted;
}
