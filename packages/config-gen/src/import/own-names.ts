import type { ClusterSpecInput } from "../spec/schema.ts";
import type { NodeSpecInput } from "./node-spec.ts";
import type { Note } from "./note.ts";

/** What a plan calls the machines that nobody wrote down. */
const ADDED = [
  ["slurmctld", "ctl"],
  ["slurmdbd", "dbd"],
  ["database", "db"],
  ["login", "login"],
] as const;

/** The same machines under other names, where the site's nodes have theirs; `accounting`: whether all are needed. */
export function ownNames(names: readonly string[], accounting = true): NodeSpecInput[] {
  const clashes = ADDED.filter(([, added]) =>
    names.some((name) => name.length === added.length && name.toLowerCase() === added),
  );
  const taken = new Set(clashes.length > 0 ? names.map((name) => name.toLowerCase()) : []);
  return clashes
    .filter(([role]) => accounting || (role !== "slurmdbd" && role !== "database"))
    .map(([role, name]) => ({ name: free(`lab-${name}`, taken), roles: [role] }));
}

function free(name: string, taken: ReadonlySet<string>): string {
  let found = name;
  for (let i = 2; taken.has(found); i++) found = `${name}-${i}`;
  return found;
}

/** A worker called localhost under another name, wherever it stands: in a cluster, every node is localhost to itself. */
export function withoutLocalhost(
  spec: ClusterSpecInput,
  names: ReadonlySet<string>,
  notes: Note[],
): ClusterSpecInput {
  if (!names.has("localhost")) return spec;
  const name = free("node", new Set([...names].map((each) => each.toLowerCase())));
  notes.push({ kind: "replaced", what: `localhost by ${name}`, why: "every node is localhost to itself" });
  const renamed = (hosts: string) => hosts.replace(/(?<=^|,)localhost(?=,|$)/g, name);
  const within = <T extends { readonly nodes?: string | undefined }>(each: T): T =>
    each.nodes === undefined ? each : { ...each, nodes: renamed(each.nodes) };
  const { topology } = spec;
  return {
    ...spec,
    nodes: spec.nodes.map((node) => ({ ...node, name: renamed(node.name) })),
    ...(spec.partitions ? { partitions: spec.partitions.map(within) } : {}),
    ...(spec.nodeSets ? { nodeSets: spec.nodeSets.map(within) } : {}),
    ...(topology?.tree ? { topology: { tree: topology.tree.map(within) } } : {}),
    ...(topology?.block
      ? { topology: { block: { ...topology.block, blocks: topology.block.blocks.map(within) } } }
      : {}),
  };
}
