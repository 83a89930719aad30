import { membersOf, nodeNames } from "../lint/names.ts";
import type { Site, SiteNodes } from "../read/site.ts";
import { NODE_LEFT } from "./managed.ts";

/** Nodes that are alike: the same hardware, features, GRES and partitions. */
export interface NodeType {
  readonly line: SiteNodes;
  readonly names: readonly string[];
  /** What a cluster without this type would lack: partitions, GRES, features, the hardware itself. */
  readonly marks: ReadonlySet<string>;
}

/** The types of a site, in the order in which they are first defined. A node that is defined twice counts where it is first. */
export function nodeTypes(site: Site): NodeType[] {
  const known = nodeNames(site);
  const partitions = new Map<string, string[]>();
  for (const part of site.partitions) {
    for (const name of new Set(membersOf(site, part.settings.get("nodes"), known).nodes)) {
      const list = partitions.get(name);
      if (list) list.push(part.name);
      else partitions.set(name, [part.name]);
    }
  }
  const seen = new Set<string>();
  const types = new Map<string, { line: SiteNodes; names: string[]; marks: ReadonlySet<string> }>();
  for (const line of site.nodes) {
    const marks = marksOf(line);
    const hardware = [...marks].sort().join("\n");
    for (const name of line.names) {
      if (seen.has(name)) continue;
      seen.add(name);
      const parts = partitions.get(name) ?? [];
      const key = `${hardware}\n\n${parts.join("\n")}`;
      const type = types.get(key);
      if (type) type.names.push(name);
      else {
        const all = new Set([...marks, ...parts.map((part) => `partition ${part}`)]);
        types.set(key, { line, names: [name], marks: all });
      }
    }
  }
  return [...types.values()];
}

function marksOf(line: SiteNodes): Set<string> {
  const marks = new Set<string>();
  const shape: string[] = [];
  for (const [key, setting] of line.settings) {
    if (NODE_LEFT.has(key)) continue;
    if (key === "features" || key === "feature")
      for (const each of setting.value.split(",")) marks.add(`feature ${each}`);
    else if (key === "gres") for (const each of setting.value.split(",")) marks.add(`gres ${each}`);
    else shape.push(`${key}=${setting.value.toLowerCase()}`);
  }
  marks.add(`hardware ${shape.sort().join(" ")}`);
  return marks;
}

/** At most `count` nodes of these types: one of each while there is room, then more of the largest. */
export function chooseNodes(
  types: readonly NodeType[],
  count: number,
): { readonly chosen: ReadonlyMap<NodeType, readonly string[]>; readonly leftOut: readonly NodeType[] } {
  const kept = types.length <= count ? [...types] : cover(types, count);
  const sizes = new Map(kept.map((type) => [type, 1]));
  for (let free = count - kept.length; free > 0; free--) {
    // The type of which the smallest part is there gets the next one.
    const next = [...sizes]
      .filter(([type, size]) => size < type.names.length)
      .sort(([a, x], [b, y]) => x / a.names.length - y / b.names.length)[0];
    if (!next) break;
    sizes.set(next[0], next[1] + 1);
  }
  const chosen = new Map(kept.map((type) => [type, spread(type.names, sizes.get(type) ?? 1)]));
  return { chosen, leftOut: types.filter((type) => !chosen.has(type)) };
}

/** Greedy: each time the type that brings most of what is not there yet. Partitions weigh more than features. */
function cover(types: readonly NodeType[], count: number): NodeType[] {
  const kept: NodeType[] = [];
  const have = new Set<string>();
  const gain = (type: NodeType) =>
    [...type.marks].filter((mark) => !have.has(mark)).reduce((sum, mark) => sum + weight(mark), 0);
  while (kept.length < count) {
    const next = types.filter((type) => !kept.includes(type)).sort((a, b) => gain(b) - gain(a))[0];
    if (!next) break;
    kept.push(next);
    for (const mark of next.marks) have.add(mark);
  }
  return types.filter((type) => kept.includes(type));
}

function weight(mark: string): number {
  return mark.startsWith("partition ")
    ? 100
    : mark.startsWith("gres ")
      ? 20
      : mark.startsWith("hardware ")
        ? 5
        : 1;
}

/** The first, the last, and some between, so that they come from far apart racks and switches. */
function spread(names: readonly string[], count: number): string[] {
  if (count >= names.length) return [...names];
  return Array.from(
    { length: count },
    (_, i) => names[count === 1 ? 0 : Math.round((i * (names.length - 1)) / (count - 1))] ?? "",
  );
}
