import { type ClusterPlan, stateOnNfs } from "@slurmlab/config-gen";
import { planOfFound } from "../cluster/found-plan.ts";
import { outputOf } from "../cluster/node.ts";
import { partsOf } from "../cluster/roles.ts";
import type { FoundCluster } from "../cluster/sweep.ts";
import type { Engine, ExecOptions } from "../engine/engine.ts";
import { LABEL } from "../engine/labels.ts";

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
  /** The one of the server that StateSaveLocation is mounted from, if it is. */
  readonly stateServer: string | undefined;
}

/** Finds its way into a running cluster by its labels. Bad input when it does not run, or was upgraded, or does not say what it is. */
export async function attach(engine: Engine, cluster: FoundCluster): Promise<AttachedCluster> {
  const cannot = `no snapshot can be taken of ${cluster.id}`;
  const { spec, plan, containers } = await planOfFound(engine, cluster, cannot);
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
    stateServer: stateOnNfs(plan)
      ? container.get(plan.nodes.find(({ roles }) => roles.includes("nfs"))?.name)
      : undefined,
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
