import type { ConfLine, Setting } from "./conf-file.ts";
import { isSecret } from "./secrets.ts";
import type { Site, SiteRecord } from "./site.ts";

/**
 * What a configuration means, without how it is written: keys in lower case, DEFAULT lines lent, hostlists expanded,
 * comments and includes gone, passwords left out. Two configurations with the same essence are the same to Slurm.
 */
export function essenceOf(site: Site): Record<string, unknown> {
  const main = site.confs.get("slurm.conf")?.lines ?? [];
  const others = [...site.confs].filter(([name]) => name !== "slurm.conf");
  return {
    "slurm.conf": globals(main),
    nodes: site.nodes.flatMap(eachNode),
    partitions: site.partitions.map(record),
    nodeSets: site.nodeSets.map(record),
    downNodes: site.downNodes.map(record),
    frontends: site.frontends.map(record),
    ...Object.fromEntries(
      others.flatMap(([name, conf]) => {
        const [keys, lines] = [globals(conf.lines), conf.lines.filter((line) => line.record).map(asLine)];
        // To Slurm, a file that says nothing is one that is not there.
        return Object.keys(keys).length + lines.length === 0 ? [] : [[name, { ...keys, lines }]];
      }),
    ),
  };
}

/** Keys that Slurm takes several times. */
export const REPEATED: ReadonlySet<string> = new Set(["slurmctldhost"]);

function globals(lines: readonly ConfLine[]): Record<string, string | string[]> {
  const values = new Map<string, string | string[]>();
  for (const line of lines) {
    const key = line.key.toLowerCase();
    if (line.record || isSecret(key)) continue;
    const before = values.get(key);
    if (!REPEATED.has(key)) values.set(key, line.value);
    else if (Array.isArray(before)) before.push(line.value);
    else values.set(key, [line.value]);
  }
  return sorted(Object.fromEntries(values));
}

/** One for each node: how they are gathered on lines does not matter. */
function eachNode(line: SiteRecord & { readonly names: readonly string[] }) {
  const { nodeaddr, nodehostname, ...rest } = settings(line.settings);
  return line.names.map((name) => ({
    name,
    ...rest,
    ...(nodeaddr ? { nodeaddr } : {}),
    ...(nodehostname ? { nodehostname } : {}),
  }));
}

function record({ name, settings: own }: SiteRecord) {
  return { name, ...settings(own) };
}

function asLine(line: ConfLine) {
  return {
    [line.key.toLowerCase()]: line.value,
    ...settings(new Map(line.attributes.map((each) => [each.key.toLowerCase(), each]))),
  };
}

/** The two names that Slurm has for one thing are one. */
const ONE_NAME: ReadonlyMap<string, string> = new Map([
  ["feature", "features"],
  ["shared", "oversubscribe"],
]);

function settings(own: ReadonlyMap<string, Setting>): Record<string, string> {
  const pairs = [...own].filter(([key]) => !isSecret(key));
  return sorted(
    Object.fromEntries(pairs.map(([key, { value }]) => [ONE_NAME.get(key) ?? key, word(key, value)])),
  );
}

/** States are words of Slurm's, in any case; other values are compared as they stand. */
function word(key: string, value: string): string {
  return key === "state" ? value.toUpperCase() : value;
}

function sorted<T>(values: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}
