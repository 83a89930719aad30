import { buffer } from "node:stream/consumers";
import { type ClusterPlan, planCluster } from "@slurmlab/config-gen";
import { extract } from "tar-stream";
import { outputOf } from "../cluster/node.ts";
import { partsOf } from "../cluster/roles.ts";
import { SPEC_FILE } from "../cluster/spec-file.ts";
import type { FoundCluster } from "../cluster/sweep.ts";
import type { Engine, ExecOptions } from "../engine/engine.ts";
import { LABEL } from "../engine/labels.ts";
import { LabError, messageOf } from "../errors/lab-error.ts";

/** A node's container, as far as a snapshot needs it. */
export interface AttachedNode {
  readonly name: string;
  readonly container: string;
  readonly daemons: readonly { readonly name: string; readonly port: number | undefined }[];
  /** Runs a program that must succeed; resolves to what it printed. */
  run(argv: readonly string[], options?: ExecOptions): Promise<string>;
}

/** A cluster that some other process has started. */
export interface AttachedCluster {
  readonly id: string;
  readonly spec: unknown;
  readonly plan: ClusterPlan;
  readonly slurm: string;
  /** Those of controllers, slurmdbd and the database, each behind the one that it needs. */
  readonly nodes: readonly AttachedNode[];
  /** A container that has /home. */
  readonly home: string | undefined;
}

/** Finds its way into a running cluster by its labels. Bad input when it does not run, or was upgraded, or does not say what it is. */
export async function attach(engine: Engine, cluster: FoundCluster): Promise<AttachedCluster> {
  const containers = cluster.parts.filter(({ kind }) => kind === "container");
  const refuse = (seen: string, expected: string) =>
    new LabError({ kind: "bad-input", message: `no snapshot can be taken of ${cluster.id}`, expected, seen });
  if (containers.some(({ labels }) => labels[LABEL.upgrade]))
    throw refuse("it was upgraded in place", "a cluster whose daemons are all of one release");
  const still = containers.find(({ state }) => state !== "running");
  if (still)
    throw refuse(`${still.labels[LABEL.node] ?? still.name} is ${still.state}`, "all its nodes to run");
  const rolesOf = (labels: FoundCluster["parts"][number]["labels"]) => (labels[LABEL.roles] ?? "").split(",");
  const controller = containers.find(({ labels }) => rolesOf(labels).includes("slurmctld"));
  const spec = controller && (await readJson(engine, controller.id, SPEC_FILE));
  if (spec === undefined)
    throw refuse(`no ${SPEC_FILE} on its controller`, "one that this slurmlab has started");
  const planned = planCluster(spec, { defaultSlurm: cluster.slurm });
  if (!planned.ok)
    throw refuse(planned.problems[0]?.message ?? "", "a specification that this slurmlab knows");
  const { plan } = planned;
  const container = new Map(containers.map(({ id, labels }) => [labels[LABEL.node], id]));
  // What is mounted by NFS only the server can give: an engine copies files and volumes.
  const withHome = plan.nodes.filter(({ roles, name }) => partsOf(roles, plan).home && container.has(name));
  const home = (withHome.find(({ roles }) => roles.includes("nfs")) ?? withHome[0])?.name;
  return {
    id: cluster.id,
    spec,
    plan,
    slurm: cluster.slurm,
    home: container.get(home),
    nodes: plan.nodes
      .filter(({ roles }) => roles.some((role) => ["slurmctld", "slurmdbd", "database"].includes(role)))
      .map(({ name, roles }) =>
        attachedNode(engine, name, container.get(name) ?? "", partsOf(roles, plan).daemons),
      ),
  };
}

function attachedNode(
  engine: Engine,
  name: string,
  container: string,
  daemons: AttachedNode["daemons"],
): AttachedNode {
  return {
    name,
    container,
    daemons,
    run: async (argv, options) => outputOf(await engine.exec(container, argv, options), argv, name),
  };
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
