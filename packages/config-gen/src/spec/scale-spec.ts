import { compressHostlist, expandHostlist } from "../slurm/hostlist.ts";
import type { ClusterSpecInput } from "./schema.ts";

type NodeInput = ClusterSpecInput["nodes"][number];

/** Workers of a specification that are alike in all but their names, and have nothing else to do: there may be more or fewer of them. */
export interface WorkerKind {
  /** In the order written. */
  readonly names: readonly string[];
  /** What their names begin with, before the last number: `c`, or `r1n` and `r2n`. */
  readonly prefixes: readonly string[];
  /** How many share a container; undefined where each has one to itself. */
  readonly packed: number | undefined;
  /** Slurm's State= as written. */
  readonly state: string | undefined;
}

/** What is to become of a specification's workers. */
export interface WorkersChange {
  /** New names, each group alike with a worker that is there. */
  readonly add: readonly { readonly names: readonly string[]; readonly like: string }[];
  readonly remove: readonly string[];
}

/** A change after which the specification would be none. */
export class ScaleError extends Error {
  override name = "ScaleError";
}

/** `c` of c17, `r1n` of r1n04. */
export function prefixOf(name: string): string {
  return name.replace(/\d+$/, "");
}

/** The kinds of workers that a specification has, in the order written. */
export function workerKinds(spec: ClusterSpecInput): WorkerKind[] {
  const workers = spec.nodes.filter(({ roles }) => roles.join() === "slurmd");
  return [...Map.groupBy(workers, kindOf).values()].map((entries) => {
    const names = entries.flatMap(({ name }) => expandHostlist(name));
    const { packed, state } = entries[0] ?? {};
    return { names, prefixes: [...new Set(names.map(prefixOf))], packed, state };
  });
}

function kindOf({ name, ...rest }: NodeInput): string {
  return JSON.stringify([prefixOf(expandHostlist(name)[0] ?? ""), rest]);
}

/**
 * The specification with other workers. A new one stands wherever the one that it is like stands: in partitions, node sets, switches,
 * blocks, lines of gres.conf. What is said of a node for a time (down nodes, reservations) is not said of a new one.
 *
 * Packed ones are written as an entry of their own, behind all others, so that no container of those that are there gets others.
 */
export function scaledSpec(spec: ClusterSpecInput, { add, remove }: WorkersChange): ClusterSpecInput {
  const gone = new Set(remove);
  const less = inLists(spec, true, (names) => names.filter((name) => !gone.has(name)));
  const added = add.reduce(
    (now, { names, like }) =>
      inLists(now, false, (list) => (list.includes(like) ? [...new Set([...list, ...names])] : list)),
    less,
  );
  let nodes = spec.nodes.map((node): NodeInput & { name: string } => node);
  for (const { names, like } of add) {
    const at = nodes.findIndex(({ name }) => expandHostlist(name).includes(like));
    const model = nodes[at];
    if (!model) throw new ScaleError(`no node is called "${like}"`);
    nodes =
      model.packed === undefined
        ? nodes.with(at, { ...model, name: compressHostlist([...expandHostlist(model.name), ...names]) })
        : [...nodes, { ...model, name: compressHostlist(names) }];
  }
  return {
    ...added,
    nodes: nodes.flatMap((node) => {
      const names = expandHostlist(node.name);
      const left = names.filter((name) => !gone.has(name));
      if (left.length === names.length) return [node];
      return left.length === 0 ? [] : [{ ...node, name: compressHostlist(left) }];
    }),
  };
}

/** Changes every list of nodes outside of `nodes`; `passing`: those of a time, too. A list that changes must not become empty. */
function inLists(
  spec: ClusterSpecInput,
  passing: boolean,
  change: (names: readonly string[]) => readonly string[],
): ClusterSpecInput {
  const changed = (list: string, where: string): string => {
    const names = expandHostlist(list);
    const now = change(names);
    if (now.length === names.length) return list;
    if (now.length === 0) throw new ScaleError(`${where} would have no node left`);
    return compressHostlist(now);
  };
  const nodesOf = <T extends { readonly nodes?: string | undefined }>(item: T, where: string): T =>
    item.nodes === undefined ? item : { ...item, nodes: changed(item.nodes, where) };
  const { partitions, nodeSets, downNodes, topology, reservations, powerSave, gres } = spec;
  return {
    ...spec,
    ...(partitions && { partitions: partitions.map((one) => nodesOf(one, `the partition ${one.name}`)) }),
    ...(nodeSets && { nodeSets: nodeSets.map((one) => nodesOf(one, `the node set ${one.name}`)) }),
    ...(topology && {
      topology: {
        ...topology,
        ...(topology.tree && {
          tree: topology.tree.map((one) => nodesOf(one, `the switch ${one.switch}`)),
        }),
        ...(topology.block && {
          block: {
            ...topology.block,
            blocks: topology.block.blocks.map((one) => nodesOf(one, `the block ${one.name}`)),
          },
        }),
      },
    }),
    ...(powerSave?.excludeNodes && {
      powerSave: { ...powerSave, excludeNodes: changed(powerSave.excludeNodes, "powerSave.excludeNodes") },
    }),
    ...(gres && {
      gres: gres.map((line) =>
        Object.fromEntries(
          Object.entries(line).map(([key, value]) =>
            key.toLowerCase() === "nodename" ? [key, changed(String(value), "a line of gres")] : [key, value],
          ),
        ),
      ),
    }),
    ...(passing && downNodes
      ? {
          downNodes: downNodes.flatMap((one) =>
            change(expandHostlist(one.nodes)).length === 0 ? [] : [nodesOf(one, "downNodes")],
          ),
        }
      : {}),
    ...(passing && reservations
      ? { reservations: reservations.map((one) => nodesOf(one, `the reservation ${one.name}`)) }
      : {}),
  };
}
