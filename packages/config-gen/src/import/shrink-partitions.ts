import { featuresOf, membersOf, namesOf, nodeNames } from "../lint/names.ts";
import type { Setting } from "../read/conf-file.ts";
import { isSecret } from "../read/secrets.ts";
import type { Site, SiteRecord } from "../read/site.ts";
import { compressHostlist } from "../slurm/hostlist.ts";
import type { ClusterSpecInput } from "../spec/schema.ts";
import { PARTITION_LEFT } from "./managed.ts";
import type { Note } from "./note.ts";
import { specValue } from "./quote.ts";
import type { Context } from "./refused.ts";

type PartitionSpec = NonNullable<ClusterSpecInput["partitions"]>[number];
type NodeSetSpec = NonNullable<ClusterSpecInput["nodeSets"]>[number];

interface Kept extends Context {
  readonly site: Site;
  /** The workers that are kept. */
  readonly kept: ReadonlySet<string>;
}

/** Partitions over the nodes that are kept, and the node sets that they name. */
export function shrinkPartitions(context: Kept): {
  readonly partitions: readonly PartitionSpec[];
  readonly nodeSets: readonly NodeSetSpec[];
} {
  const { site, notes } = context;
  const nodeSets = new Map(
    firsts(site.nodeSets, notes, "node set").flatMap((set) => {
      const shrunk = shrinkNodeSet(set, context);
      return shrunk ? [[set.name, shrunk] as const] : [];
    }),
  );
  const known = nodeNames(site);
  const members = new Map(
    firsts(site.partitions, notes, "partition").flatMap((part) => {
      const nodes = shrinkMembers(part.settings.get("nodes"), { ...context, known, nodeSets });
      return nodes ? [[part, nodes] as const] : notKept(part, notes);
    }),
  );
  const names = new Set([...members.keys()].map((part) => part.name));
  const partitions = [...members].map(([part, nodes]) => shrinkPartition(part, nodes, names, context));
  const used = new Set([...members.values()].flatMap((nodes) => nodes.words));
  for (const { name, line } of site.nodeSets) {
    const why = nodeSets.has(name) ? "no partition that is kept names it" : "none of its nodes is kept";
    if (!used.has(name)) notes.push({ kind: "left-out", what: `node set ${name}`, why, place: line.place });
  }
  return {
    partitions: oneDefault(partitions),
    nodeSets: [...nodeSets.values()].filter((set) => used.has(set.name)),
  };
}

/** What is defined twice would be refused; the first one is kept. */
function firsts(records: readonly SiteRecord[], notes: Note[], what: string): SiteRecord[] {
  const names = new Set<string>();
  return records.filter(({ name, line }) => {
    const again = names.has(name);
    names.add(name);
    if (again)
      notes.push({
        kind: "left-out",
        what: `${what} ${name}`,
        why: "it is defined twice",
        place: line.place,
      });
    return !again;
  });
}

function notKept(part: SiteRecord, notes: Note[]): [] {
  const why = part.settings.has("nodes")
    ? "none of its nodes is kept; give --shrink a larger number"
    : "it has no nodes";
  notes.push({ kind: "left-out", what: `partition ${part.name}`, why, place: part.line.place });
  return [];
}

interface Members {
  /** As a specification has it. */
  readonly text: string;
  /** The node sets that it names. */
  readonly words: readonly string[];
  readonly count: number;
}

function shrinkPartition(
  part: SiteRecord,
  nodes: Members,
  names: ReadonlySet<string>,
  { refused, notes }: Context,
): PartitionSpec {
  const slurm: Record<string, string | number> = {};
  for (const [key, setting] of part.settings) {
    if (key === "nodes" || key === "default") continue;
    const why = PARTITION_LEFT.get(key) ?? refused(setting) ?? unfit(key, setting.value, nodes.count, names);
    const what = `${setting.key} of partition ${part.name}`;
    if (why) notes.push({ kind: "left-out", what, why, place: setting.place });
    else slurm[setting.key] = specValue(setting.value);
  }
  const standard = part.settings.get("default")?.value;
  return {
    name: part.name,
    nodes: nodes.text,
    ...(standard && /^(yes|up|true|1)$/i.test(standard) ? { default: true } : {}),
    ...(Object.keys(slurm).length > 0 ? { slurm } : {}),
  };
}

/** What only the larger cluster can hold to. */
function unfit(key: string, value: string, count: number, names: ReadonlySet<string>): string | undefined {
  if (isSecret(key)) return "a secret is never copied";
  if (key === "alternate" && !names.has(value)) return `partition ${value} is not kept`;
  if (key === "minnodes" && Number(value) > count)
    return `it has ${count} node${count === 1 ? "" : "s"} left, so that no job could run`;
  return undefined;
}

interface Sets extends Kept {
  readonly known: ReadonlySet<string>;
  readonly nodeSets: ReadonlyMap<string, NodeSetSpec>;
}

/** ALL and node sets stay what they are; of names, those that are kept. */
function shrinkMembers(setting: Setting | undefined, context: Sets): Members | undefined {
  const { site, kept, known, nodeSets } = context;
  if (!setting) return undefined;
  if (setting.value.toUpperCase() === "ALL") return { text: "ALL", words: [], count: kept.size };
  const members = new Set(membersOf(site, setting, known).nodes.filter((name) => kept.has(name)));
  if (members.size === 0) return undefined;
  const words = namesOf(setting.value.trim().replace(/\s+/g, ",")) ?? [];
  const sets = [...new Set(words.filter((word) => nodeSets.has(word)))];
  const hosts = [...new Set(words.filter((word) => kept.has(word) && !nodeSets.has(word)))];
  const text = [...sets, ...(hosts.length > 0 ? [compressHostlist(hosts)] : [])].join(",");
  return { text, words: sets, count: members.size };
}

/** Undefined when nothing of it is kept: slurmctld would have a name for no node. */
function shrinkNodeSet(set: SiteRecord, { site, kept }: Kept): NodeSetSpec | undefined {
  const listed = set.settings.get("nodes")?.value;
  const all = listed?.toUpperCase() === "ALL";
  const nodes = all ? [...kept] : (namesOf(listed ?? "") ?? []).filter((name) => kept.has(name));
  const feature = set.settings.get("feature")?.value;
  const having = site.nodes.some(
    (line) =>
      feature !== undefined &&
      featuresOf(line.settings).includes(feature) &&
      line.names.some((name) => kept.has(name)),
  );
  if (nodes.length === 0 && !having) return undefined;
  return {
    name: set.name,
    ...(nodes.length > 0 ? { nodes: all ? "ALL" : compressHostlist(nodes) } : {}),
    ...(having && feature ? { feature } : {}),
  };
}

/** The last Default=YES holds. */
function oneDefault(partitions: readonly PartitionSpec[]): PartitionSpec[] {
  const standard = partitions.findLast((part) => part.default);
  return partitions.map(({ default: _, ...part }) =>
    part.name === standard?.name ? { ...part, default: true } : part,
  );
}
