import { findKey, knowledgeOf } from "../knowledge/knowledge.ts";
import type { ConfLine, Setting } from "../read/conf-file.ts";
import { withoutSecrets } from "../read/secrets.ts";
import { CONF_FILES, type Site, type SiteRecord } from "../read/site.ts";
import type { ClusterSpecInput } from "../spec/schema.ts";
import { nodeSpecOf } from "./node-spec.ts";
import type { Note } from "./note.ts";
import { quoted, specValue } from "./quote.ts";
import { topologySpecOf } from "./topology-spec.ts";

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
  const overrides: Record<string, Record<string, string | number | string[]>> = {};
  for (const file of OVERRIDDEN) {
    const keys = overridesOf(site, file, notes);
    if (Object.keys(keys).length > 0) overrides[file] = keys;
  }
  const gres = (site.confs.get("gres.conf")?.lines ?? []).map(lineKeys);
  const topology = topologySpecOf(site);
  const files = otherFiles(site, topology !== undefined, notes);
  const spec: ClusterSpecInput = {
    name: clusterName(site),
    slurm: site.slurm,
    defaults: "slurm",
    nodes: site.nodes.map((line) => nodeSpecOf(line.line.value, line.settings)),
    ...(site.partitions.length > 0 ? { partitions: site.partitions.map(partitionSpec) } : {}),
    ...(site.nodeSets.length > 0 ? { nodeSets: site.nodeSets.map(nodeSetSpec) } : {}),
    ...(site.downNodes.length > 0 ? { downNodes: site.downNodes.map(downNodesSpec) } : {}),
    ...(gres.length > 0 ? { gres } : {}),
    ...(topology ? { topology } : {}),
    ...(Object.keys(files).length > 0 ? { files } : {}),
    overrides,
  };
  for (const name of site.files.keys()) if (/(\.key|\.jwks|\.pem)$/i.test(name)) notes.push(secretFile(name));
  return { spec, notes };
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

function overridesOf(site: Site, file: string, notes: Note[]): Record<string, string | number | string[]> {
  const conf = site.confs.get(file);
  const knowledge = knowledgeOf(site.slurm);
  const { lines, left } = withoutSecrets(conf?.lines ?? []);
  for (const key of left)
    notes.push({ kind: "left-out", what: `${key} of ${file}`, why: "a secret is never copied" });
  const records = new Set(["nodename", "partitionname", "downnodes", "nodeset"]);
  const keys = new Map<string, { name: string; values: string[] }>();
  for (const line of lines) {
    if (records.has(line.key.toLowerCase())) continue;
    const known = knowledge && findKey(knowledge, file, "", line.key);
    const name = known?.name ?? line.key;
    if (!known)
      notes.push({
        kind: "kept",
        what: line.key,
        why: `Slurm ${site.slurm} does not know it`,
        place: line.place,
      });
    const text = [
      quoted(line.value),
      ...line.attributes.map((each) => `${each.key}=${quoted(each.value)}`),
    ].join(" ");
    const before = keys.get(name.toLowerCase());
    const repeated = known?.type === "list" || line.record;
    keys.set(name.toLowerCase(), { name, values: repeated && before ? [...before.values, text] : [text] });
  }
  return Object.fromEntries(
    [...keys.values()].map(({ name, values }) => [
      name,
      values.length > 1 ? values : asNumber(values[0] ?? ""),
    ]),
  );
}

function asNumber(text: string): string | number {
  return /^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text;
}

/** A record's line, key by key, as it stands. */
function lineKeys(line: ConfLine): Record<string, string | number> {
  return Object.fromEntries(
    [line, ...line.attributes].map((setting) => [setting.key, specValue(setting.value)]),
  );
}

/** A record's settings but those that have fields of their own. */
export function otherKeys(
  settings: ReadonlyMap<string, Setting>,
  but: readonly string[],
): Record<string, string | number> {
  const rest = [...settings].filter(([key]) => !but.includes(key));
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

function nodeSetSpec({ name, settings }: SiteRecord) {
  const [nodes, feature] = [settings.get("nodes")?.value, settings.get("feature")?.value];
  return { name, ...(nodes ? { nodes } : {}), ...(feature ? { feature } : {}) };
}

type DownNodesSpec = NonNullable<ClusterSpecInput["downNodes"]>[number];

function downNodesSpec({ name, settings }: SiteRecord): DownNodesSpec {
  const [state, reason] = [settings.get("state")?.value, settings.get("reason")?.value];
  return {
    nodes: name,
    ...(state ? { state: state.toUpperCase() as NonNullable<DownNodesSpec["state"]> } : {}),
    ...(reason ? { reason } : {}),
  };
}

/** Files of other sorts, as they stand, without lines that hold a secret. */
function otherFiles(site: Site, hasTopology: boolean, notes: Note[]): Record<string, string> {
  const done = new Set<string>([...OVERRIDDEN, "gres.conf", ...(hasTopology ? ["topology.conf"] : [])]);
  const names = [...CONF_FILES, "plugstack.conf", "topology.yaml", "job_submit.lua", "cli_filter.lua"];
  const files: Record<string, string> = {};
  for (const name of names.filter((each) => !done.has(each))) {
    const file = site.files.get(name);
    if (!file) continue;
    const kept = file.content
      .split("\n")
      .filter((line) => !/^\s*\w*(pass|password|secret|token)\s*=/i.test(line));
    if (kept.length < file.content.split("\n").length)
      notes.push({ kind: "left-out", what: `a line of ${name}`, why: "a secret is never copied" });
    files[name] = kept.join("\n");
  }
  return files;
}

function secretFile(name: string): Note {
  return { kind: "left-out", what: name, why: "a secret is never copied; a cluster gets keys of its own" };
}
