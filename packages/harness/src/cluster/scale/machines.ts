import { compressHostlist, type PlannedMachine } from "@slurmlab/config-gen";
import { LabError } from "../../errors/lab-error.ts";
import type { Undo } from "../../errors/undo.ts";
import { allDone } from "../all-done.ts";
import { type Cluster, nodeNamed } from "../cluster.ts";
import { containerSpec } from "../container-spec.ts";
import { clusterNames } from "../names.ts";
import { Node } from "../node.ts";
import { startFor } from "../release.ts";
import type { FoundCluster } from "../sweep.ts";
import type { Goal } from "./change.ts";
import { filesLike } from "./node-files.ts";

/** Bad input when a container has the name of one that is to come: a worker that a step has added or taken out of Slurm has its own. */
export function checkNamesFree(
  { id, parts }: Pick<FoundCluster, "id" | "parts">,
  coming: readonly Pick<PlannedMachine, "name">[],
  cannot: string,
): void {
  const names = clusterNames(id);
  const taken = coming.flatMap(({ name }) =>
    parts.filter((part) => part.kind === "container" && part.name === names.container(name)),
  );
  if (taken.length === 0) return;
  throw new LabError({
    kind: "bad-input",
    message: cannot,
    expected: "no container of the names that are to come",
    seen: taken.map(({ name, state = "there" }) => `${name} is ${state}`).join(", "),
    where: id,
    hint: `ask for other names; or, when nothing in it is needed: docker rm --force --volumes ${taken.map(({ name }) => name).join(" ")}`,
  });
}

/**
 * Makes the new containers, with the files of the workers that they are like; their daemons wait. Undone is what was made here, and not
 * what has the same name.
 */
export async function startMachines(
  cluster: Cluster,
  { plan, gpus, bundle, machines, change }: Goal,
  options: {
    readonly staying: readonly Node[];
    readonly addresses: readonly string[];
    readonly undo: Undo;
  },
): Promise<Node[]> {
  const { engine, images } = cluster;
  const { staying, addresses, undo } = options;
  if (machines.length === 0) return [];
  const planned = machines.map((machine, i) => ({ machine, address: addresses[i] ?? "" }));
  const all = [...staying, ...planned.map(({ machine: { name }, address }) => ({ name, address }))];
  const around = { ...cluster, gpus, network: networkOf(cluster, all) };
  const made: string[] = [];
  undo.add(`remove ${compressHostlist(machines.map(({ name }) => name))}`, async () => {
    await allDone(made.map((id) => engine.remove("container", id)));
  });
  return await allDone(
    planned.map(async ({ machine, address }) => {
      const first = machine.packed[0]?.name ?? machine.name;
      const group = change.add.find(({ names }) => names.includes(first));
      const model = nodeNamed(cluster, group?.like ?? "");
      const files = await filesLike(model, machine, { before: cluster.bundle, after: bundle });
      const { image } = model;
      const spec = { ...containerSpec(machine, { plan, images }, around), image };
      const release = { plan, images, bundle: files };
      const onMade = (id: string) => void made.push(id);
      const id = await startFor(machine, spec, { engine, release, gpus, onMade });
      return new Node(engine, { plan: machine, address, container: id, image, slurm: images.slurm });
    }),
  );
}

/** The cluster's network with these nodes on it. */
export function networkOf(
  { network }: Cluster,
  nodes: readonly Pick<Node, "name" | "address">[],
): Cluster["network"] {
  return { ...network, addresses: Object.fromEntries(nodes.map(({ name, address }) => [name, address])) };
}
