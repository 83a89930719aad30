import { since } from "../slurm/version.ts";
import { checkWorkers, expandWorkers } from "./plan-partitions.ts";
import { numbered, type Problems } from "./problems.ts";
import type { ClusterSpec } from "./schema.ts";

type Topology = NonNullable<ClusterSpec["topology"]>;

/** What topology.conf says must fit the nodes, as slurmctld is fatal on most of what does not. */
export function checkTopology(
  topology: Topology | undefined,
  slurm: string,
  workers: ReadonlySet<string>,
  problems: Problems,
): void {
  if (!topology) return;
  if (topology.yaml && !since(slurm, "25.05"))
    problems.add("topology.yaml", `topology.yaml needs Slurm 25.05 or newer, seen ${slurm}`);
  if (topology.tree) checkTree(topology.tree, workers, problems);
  if (topology.block) checkBlocks(topology.block, slurm, workers, problems);
}

function checkTree(
  tree: NonNullable<Topology["tree"]>,
  workers: ReadonlySet<string>,
  problems: Problems,
): void {
  const names = tree.map((entry) => entry.switch);
  const known = new Set(names);
  problems.duplicates("topology.tree", "switches", names);
  const above = new Map<string, string>();
  const below = new Map<string, readonly string[]>();
  for (const [entry, path] of numbered(tree, "topology.tree")) {
    const what = `switch ${entry.switch}`;
    if ((entry.nodes === undefined) === (entry.switches === undefined))
      problems.add(path, `${what} is over nodes or over switches: expected one of the two`);
    if (entry.nodes) checkWorkers(entry.nodes, { path: `${path}.nodes`, what }, workers, problems);
    const children = entry.switches ? problems.expand(`${path}.switches`, entry.switches) : [];
    below.set(entry.switch, children);
    for (const child of children) {
      if (!known.has(child))
        problems.unknown(`${path}.switches`, `${what} names ${child}, which is no switch`, child, names);
      const other = above.get(child);
      if (other !== undefined && other !== entry.switch)
        problems.add(`${path}.switches`, `${child} is below ${other} and below ${entry.switch}: not a tree`);
      above.set(child, entry.switch);
    }
  }
  const looping = names.find((name) => reaches(name, name, below, new Set()));
  if (looping !== undefined) problems.add("topology.tree", `switch ${looping} is below itself`);
}

function reaches(
  from: string,
  wanted: string,
  below: ReadonlyMap<string, readonly string[]>,
  seen: Set<string>,
): boolean {
  return (below.get(from) ?? []).some((child) => {
    if (child === wanted) return true;
    if (seen.has(child)) return false;
    seen.add(child);
    return reaches(child, wanted, below, seen);
  });
}

function checkBlocks(
  { sizes, blocks }: NonNullable<Topology["block"]>,
  slurm: string,
  workers: ReadonlySet<string>,
  problems: Problems,
): void {
  if (!since(slurm, "23.11"))
    problems.add("topology.block", `topology/block needs Slurm 23.11 or newer, seen ${slurm}`);
  problems.duplicates(
    "topology.block.blocks",
    "blocks",
    blocks.map((block) => block.name),
  );
  const base = sizes[0] ?? 1;
  for (const [block, path] of numbered(blocks, "topology.block.blocks")) {
    const what = `block ${block.name}`;
    const members = expandWorkers(block.nodes, { path: `${path}.nodes`, what }, workers, problems);
    if (members.length > 0 && members.length < base)
      problems.add(
        `${path}.nodes`,
        `${what} has ${members.length} nodes, fewer than the smallest size, ${base}`,
      );
  }
  for (const [i, size] of sizes.entries()) {
    const previous = sizes[i - 1];
    const steps = Math.log2(size / base);
    if (previous !== undefined && (size <= previous || !Number.isInteger(steps)))
      problems.add(
        `topology.block.sizes[${i}]`,
        `expected ${base} times a power of two, more than ${previous}, seen ${size}`,
      );
  }
}
