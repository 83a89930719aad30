import { namesOf } from "../lint/names.ts";
import { compressHostlist } from "../slurm/hostlist.ts";
import type { Note } from "./note.ts";
import type { TopologySpec } from "./topology-spec.ts";

/** The same switches over the nodes that are left; those with nothing below them are gone. */
export function shrinkTopology(
  topology: TopologySpec | undefined,
  nodes: ReadonlySet<string>,
  notes: Note[],
): TopologySpec | undefined {
  if (topology?.tree) {
    const tree = shrinkTree(topology.tree, nodes);
    const reached = new Set(tree.flatMap((each) => namesOf(each.nodes ?? "") ?? []));
    const apart = [...nodes].filter((name) => !reached.has(name));
    if (apart.length === 0 && tree.length > 0) return { tree };
    const why = `${compressHostlist(apart)} on none of its switches, so that no job could span them`;
    notes.push({ kind: "left-out", what: "topology", why });
    return undefined;
  }
  if (!topology?.block) return topology;
  const blocks = topology.block.blocks
    .map((block) => ({ ...block, nodes: kept(block.nodes, nodes) }))
    .filter((block) => block.nodes.length > 0);
  const smallest = Math.min(...blocks.map((block) => block.nodes.length));
  if (blocks.length === 0) {
    notes.push({ kind: "left-out", what: "topology", why: "no node that is kept is in a block" });
    return undefined;
  }
  const why = `a block has at least ${smallest} node${smallest === 1 ? "" : "s"} left, and ${topology.block.sizes.join(",")} need more`;
  if (smallest < (topology.block.sizes[0] ?? 1)) notes.push({ kind: "scaled", what: "BlockSizes", why });
  return {
    block: {
      sizes: smallest < (topology.block.sizes[0] ?? 1) ? [smallest] : topology.block.sizes,
      blocks: blocks.map((block) => ({ name: block.name, nodes: compressHostlist(block.nodes) })),
    },
  };
}

type Tree = NonNullable<TopologySpec["tree"]>;

function shrinkTree(tree: Tree, nodes: ReadonlySet<string>): Tree {
  const alive = new Set<string>();
  // Switches may be written in any order: look until nothing new is found.
  for (let before = -1; before < alive.size; ) {
    before = alive.size;
    for (const each of tree) {
      const below = each.nodes ? kept(each.nodes, nodes).length : kept(each.switches ?? "", alive).length;
      if (below > 0) alive.add(each.switch);
    }
  }
  return tree
    .filter((each) => alive.has(each.switch))
    .map((each) => ({
      ...each,
      ...(each.nodes ? { nodes: compressHostlist(kept(each.nodes, nodes)) } : {}),
      ...(each.switches ? { switches: compressHostlist(kept(each.switches, alive)) } : {}),
    }));
}

function kept(expression: string, names: ReadonlySet<string>): string[] {
  return (namesOf(expression) ?? []).filter((name) => names.has(name));
}
