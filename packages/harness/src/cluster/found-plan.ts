import { buffer } from "node:stream/consumers";
import { type ClusterPlan, type ClusterSpecInput, planCluster } from "@slurmlab/config-gen";
import { extract } from "tar-stream";
import type { Engine, Owned } from "../engine/engine.ts";
import { LABEL } from "../engine/labels.ts";
import { LabError, messageOf } from "../errors/lab-error.ts";
import { SPEC_FILE } from "./spec-file.ts";
import type { FoundCluster } from "./sweep.ts";

/** What a cluster that some other process has started is made of. */
export interface FoundPlan {
  readonly spec: ClusterSpecInput;
  readonly plan: ClusterPlan;
  readonly containers: readonly Owned[];
}

/**
 * Finds out by its labels, and the file that its controller has. Bad input, which begins with `cannot`, when it does not run, or was
 * upgraded, or does not say what it is.
 */
export async function planOfFound(engine: Engine, cluster: FoundCluster, cannot: string): Promise<FoundPlan> {
  // What is none of its nodes, a probe that a killed process has left, is nobody's hindrance.
  const containers = cluster.parts.filter(({ kind, labels }) => kind === "container" && labels[LABEL.node]);
  const another = `pnpm cluster down ${cluster.id}, and pnpm cluster up starts another one`;
  const refuse = (seen: string, expected: string, hint: string) =>
    new LabError({ kind: "bad-input", message: cannot, expected, seen, where: cluster.id, hint });
  if (containers.some(({ labels }) => labels[LABEL.upgrade]))
    throw refuse("it was upgraded in place", "a cluster whose daemons are all of one release", another);
  const still = containers.find(({ state }) => state !== "running");
  if (still)
    throw refuse(
      `${still.labels[LABEL.node]} is ${still.state}`,
      "all its nodes to run",
      still.state === "paused" ? `pnpm cluster resume ${cluster.id}` : another,
    );
  const controller = containers.find(({ labels }) => rolesOf(labels).includes("slurmctld"));
  const spec = controller && (await readJson(engine, controller.id, SPEC_FILE));
  if (spec === undefined)
    throw refuse(`no ${SPEC_FILE} on its controller`, "one that this slurmlab has started", another);
  const planned = planCluster(spec, { defaultSlurm: cluster.slurm });
  if (!planned.ok)
    throw refuse(
      planned.problems[0]?.message ?? "",
      "a specification that this slurmlab knows",
      `use the slurmlab that has started it; or ${another}`,
    );
  // The schema has taken it.
  return { spec: spec as ClusterSpecInput, plan: planned.plan, containers };
}

/** The roles of a node by its labels. */
export function rolesOf(labels: Owned["labels"]): string[] {
  return (labels[LABEL.roles] ?? "").split(",");
}

/** A file of a container as JSON; undefined when there is none. */
async function readJson(engine: Engine, container: string, path: string): Promise<unknown> {
  try {
    for await (const entry of (await engine.getFiles(container, path)).pipe(extract()))
      return JSON.parse((await buffer(entry)).toString("utf8"));
  } catch (error) {
    if (!/404|no such file|could not find/i.test(messageOf(error))) throw error;
  }
  return undefined;
}
