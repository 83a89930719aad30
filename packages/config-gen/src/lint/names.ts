import type { Said, Setting } from "../read/conf-file.ts";
import type { Site } from "../read/site.ts";
import { expandHostlist, HostlistError } from "../slurm/hostlist.ts";

/** A hostlist's names, or undefined when it is none; some other rule says what is wrong with it. */
export function namesOf(expression: string): readonly string[] | undefined {
  try {
    return expandHostlist(expression);
  } catch (error) {
    if (error instanceof HostlistError) return undefined;
    throw error;
  }
}

/** At most `limit` of them, and how many more there are: nobody reads a thousand names. */
export function some(names: readonly string[], limit = 5): string {
  const shown = names.slice(0, limit).join(", ");
  return names.length > limit ? `${shown} and ${names.length - limit} more` : shown;
}

const NAMES = new WeakMap<Site, ReadonlySet<string>>();

/** Every node that slurm.conf defines. */
export function nodeNames(site: Site): ReadonlySet<string> {
  const made = NAMES.get(site);
  if (made) return made;
  const names = new Set<string>();
  for (const line of site.nodes) for (const name of line.names) names.add(name);
  NAMES.set(site, names);
  return names;
}

/** The nodes that a partition's or nodeset's `Nodes=` means: ALL, nodesets and hostlists; unknown ones apart. */
export function membersOf(
  site: Site,
  setting: Setting | undefined,
  known: ReadonlySet<string>,
): { readonly nodes: readonly string[]; readonly unknown: readonly string[] } {
  // `{...}` is a function of the topology, which only slurmctld can answer.
  if (!setting || setting.value.includes("{")) return { nodes: [], unknown: [] };
  if (setting.value.toUpperCase() === "ALL") return { nodes: [...known], unknown: [] };
  const nodes: string[] = [];
  const unknown: string[] = [];
  for (const name of namesOf(setting.value.trim().replace(/\s+/g, ",")) ?? []) {
    const set = site.nodeSets.find((each) => each.name === name);
    if (set) for (const member of nodeSetMembers(site, set.said, known)) nodes.push(member);
    else (known.has(name) ? nodes : unknown).push(name);
  }
  return { nodes, unknown };
}

function nodeSetMembers(site: Site, said: ReadonlyMap<string, Said>, known: ReadonlySet<string>) {
  const feature = said.get("feature")?.value;
  const listed = said.get("nodes")?.value;
  const byFeature = site.nodes.filter(
    (line) => feature !== undefined && featuresOf(line.said).includes(feature),
  );
  const byName = listed?.toUpperCase() === "ALL" ? [...known] : (namesOf(listed ?? "") ?? []);
  return [...byFeature.flatMap((line) => line.names), ...byName.filter((name) => known.has(name))];
}

/** `Features=ib,avx512` in pieces. */
export function featuresOf(said: ReadonlyMap<string, Said>): readonly string[] {
  return (said.get("features") ?? said.get("feature"))?.value.split(",") ?? [];
}
