import { findKey, knowledgeOf } from "../knowledge/knowledge.ts";
import { nodeNames } from "../lint/names.ts";
import type { ConfLine, Setting } from "../read/conf-file.ts";
import { REPEATED } from "../read/essence.ts";
import { isSecret, withoutSecrets } from "../read/secrets.ts";
import { type Site, type SiteRecord, textOf } from "../read/site.ts";
import type { ClusterSpecInput } from "../spec/schema.ts";
import { nodeSpecsOf } from "./node-spec.ts";
import type { Note } from "./note.ts";
import { otherFiles, secretFiles } from "./other-files.ts";
import { ownNames } from "./own-names.ts";
import { quoted, specValue } from "./quote.ts";
import { exactTopology } from "./topology-spec.ts";

export interface Imported {
  readonly spec: ClusterSpecInput;
  readonly notes: readonly Note[];
}

/** Files whose keys become overrides. */
const OVERRIDDEN = ["slurm.conf", "slurmdbd.conf", "cgroup.conf"] as const;

/**
 * A site as a specification that renders back to an equivalent configuration: `defaults: slurm`, so that nothing stands
 * in it that the site does not say. What no field has is kept as it stands; passwords and keys are never copied.
 */
export function importSite(site: Site): Imported {
  const notes: Note[] = [];
  const overrides: Record<string, Overrides> = {};
  for (const file of OVERRIDDEN) {
    const keys = overridesOf(site, file, notes);
    if (Object.keys(keys).length > 0) overrides[file] = keys;
  }
  const gres = (site.confs.get("gres.conf")?.lines ?? []).map(lineKeys);
  const topology = exactTopology(site);
  const done = [...OVERRIDDEN, "gres.conf", ...(topology ? ["topology.conf"] : [])];
  const files = otherFiles(site, done, notes);
  const spec: ClusterSpecInput = {
    name: clusterName(site),
    slurm: site.slurm,
    defaults: "slurm",
    nodes: [...nodeSpecsOf(site.nodes), ...ownNames([...nodeNames(site)], hasDatabase(site))],
    ...(site.partitions.length > 0 ? { partitions: site.partitions.map(partitionSpec) } : {}),
    ...(site.nodeSets.length > 0 ? { nodeSets: site.nodeSets.map((set) => nodeSetSpec(set, notes)) } : {}),
    ...(site.downNodes.length > 0
      ? { downNodes: site.downNodes.map((down) => downNodesSpec(down, notes)) }
      : {}),
    ...(gres.length > 0 ? { gres } : {}),
    ...(topology ? { topology } : {}),
    ...(Object.keys(files).length > 0 ? { files } : {}),
    overrides,
  };
  return { spec, notes: [...notes, ...secretFiles(site)] };
}

/** Whether the plan will have slurmdbd and a database. */
function hasDatabase(site: Site): boolean {
  return /slurmdbd/i.test(textOf(site, "AccountingStorageType") ?? "") || site.confs.has("slurmdbd.conf");
}

/** ClusterName, as far as a specification takes it; the override has it exactly. */
export function clusterName(site: Site): string {
  const written = site.confs
    .get("slurm.conf")
    ?.lines.findLast((line) => line.key.toLowerCase() === "clustername")?.value;
  return (
    (written ?? "site")
      .replace(/[^A-Za-z0-9_.-]/g, "-")
      .slice(0, 40)
      .replace(/^[^A-Za-z0-9]+/, "") || "site"
  );
}

type Overrides = Record<string, string | number | null | string[]>;

function overridesOf(site: Site, file: string, notes: Note[]): Overrides {
  const own = (line: ConfLine) => OF_THEIR_OWN.has(line.key.toLowerCase());
  const { lines, left } = withoutSecrets((site.confs.get(file)?.lines ?? []).filter((line) => !own(line)));
  for (const key of left)
    notes.push({ kind: "left-out", what: `${key} of ${file}`, why: "a secret is never copied" });
  const knowledge = knowledgeOf(site.slurm);
  const keys = new Map<string, { name: string; repeated: boolean; values: string[] }>();
  for (const line of lines) {
    const lower = line.key.toLowerCase();
    const text = [
      quoted(line.value),
      ...line.attributes.map((each) => `${each.key}=${quoted(each.value)}`),
    ].join(" ");
    const before = keys.get(lower);
    if (before?.repeated) before.values.push(text);
    else if (before) before.values = [text];
    else {
      const known = knowledge && findKey(knowledge, file, "", line.key);
      const why = `Slurm ${site.slurm} does not know it`;
      if (knowledge && !known) notes.push({ kind: "kept", what: line.key, why, place: line.place });
      const repeated = known?.type === "list" || line.record || REPEATED.has(lower);
      keys.set(lower, { name: known?.name ?? line.key, repeated, values: [text] });
    }
  }
  return {
    ...(file === "slurm.conf" ? notSaid(keys) : {}),
    ...Object.fromEntries(
      [...keys.values()].map(({ name, values }) => [
        name,
        values.length > 1 ? values : asNumber(values[0] ?? ""),
      ]),
    ),
  };
}

/** Records that have fields in a specification. */
const OF_THEIR_OWN: ReadonlySet<string> = new Set(["nodename", "partitionname", "downnodes", "nodeset"]);

/** What would be written for a specification without it, though the site does not say it. */
function notSaid(keys: ReadonlyMap<string, unknown>): Overrides {
  const hosts = keys.has("slurmctldhost") || keys.has("controlmachine");
  return {
    ...(keys.has("clustername") ? {} : { ClusterName: null }),
    ...(hosts ? {} : { SlurmctldHost: null }),
  };
}

function asNumber(text: string): string | number {
  return /^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text;
}

/** A record's line, key by key, as it stands. */
function lineKeys(line: ConfLine): Record<string, string | number> {
  const settings = [line, ...line.attributes.filter((each) => !isSecret(each.key))];
  return Object.fromEntries(settings.map((setting) => [setting.key, specValue(setting.value)]));
}

/** A record's settings but those that have fields of their own. */
function otherKeys(
  settings: ReadonlyMap<string, Setting>,
  but: readonly string[],
): Record<string, string | number> {
  const rest = [...settings].filter(([key]) => !but.includes(key) && !isSecret(key));
  return Object.fromEntries(rest.map(([, setting]) => [setting.key, specValue(setting.value)]));
}

type PartitionSpec = NonNullable<ClusterSpecInput["partitions"]>[number];

/** What the specification's `nodes` field takes. */
export const PLAIN_HOSTLIST = /^[A-Za-z0-9][A-Za-z0-9_.,[\]-]*$/;

function partitionSpec({ name, settings }: SiteRecord): PartitionSpec {
  const nodes = settings.get("nodes");
  const plain = nodes !== undefined && PLAIN_HOSTLIST.test(nodes.value);
  const rest = otherKeys(settings, plain ? ["nodes"] : []);
  return {
    name,
    ...(plain ? { nodes: nodes.value } : {}),
    ...(Object.keys(rest).length > 0 ? { slurm: rest } : {}),
  };
}

function nodeSetSpec({ name, line, settings }: SiteRecord, notes: Note[]) {
  const [nodes, feature] = [settings.get("nodes")?.value, settings.get("feature")?.value];
  notes.push(...lost(line, { nodes, feature }));
  return { name, ...(nodes ? { nodes } : {}), ...(feature ? { feature } : {}) };
}

type DownNodesSpec = NonNullable<ClusterSpecInput["downNodes"]>[number];

function downNodesSpec({ name, line, settings }: SiteRecord, notes: Note[]): DownNodesSpec {
  const [state, reason] = [settings.get("state")?.value, settings.get("reason")?.value];
  notes.push(...lost(line, { state, reason }));
  return {
    nodes: name,
    ...(state ? { state: state.toUpperCase() as NonNullable<DownNodesSpec["state"]> } : {}),
    ...(reason ? { reason } : {}),
  };
}

/** What such a line says beyond its fields: Slurm has no other keys for it, and nothing to do with an empty value. */
function lost(line: ConfLine, fields: Readonly<Record<string, string | undefined>>): Note[] {
  const lines = line.attributes.filter((each) => !fields[each.key.toLowerCase()]);
  const why = "no field of a specification has it";
  return lines.map(({ key, place }) => ({ kind: "left-out", what: `${key} of ${line.key}`, why, place }));
}
