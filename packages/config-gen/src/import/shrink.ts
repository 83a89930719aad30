import { findKey, type SlurmKnowledge } from "../knowledge/knowledge.ts";
import { membersOf, namesOf, nodeNames } from "../lint/names.ts";
import type { Problem } from "../problem.ts";
import type { Setting } from "../read/conf-file.ts";
import { isSecret } from "../read/secrets.ts";
import { type Site, type SiteRecord, settingOf, textOf } from "../read/site.ts";
import { compressHostlist } from "../slurm/hostlist.ts";
import type { ClusterSpecInput } from "../spec/schema.ts";
import { accountingFor } from "./accounting-spec.ts";
import { clusterName, type Imported } from "./exact.ts";
import { gresSpecOf } from "./gpu-spec.ts";
import { type HookMode, hooksOf, isHook } from "./hooks.ts";
import { CGROUP_KEPT, LAB_POLICIES, managedBy, NODE_LEFT, PARTITION_LEFT, SLURMDBD_KEPT } from "./managed.ts";
import { type NodeSpecInput, nodeSpecOf, resolvedShape, SHAPE_KEYS } from "./node-spec.ts";
import { chooseNodes, type NodeType, nodeTypes } from "./node-types.ts";
import type { Note } from "./note.ts";
import { specValue } from "./quote.ts";
import { shrinkTopology } from "./shrink-topology.ts";
import { topologySpecOf } from "./topology-spec.ts";

export interface ShrinkOptions {
  /** At most so many workers. */
  readonly nodes: number;
  readonly hooks: HookMode;
  /** What lint has found: a line that the daemon would refuse is left out. */
  readonly problems: readonly Problem[];
  readonly knowledge: SlurmKnowledge;
}

/**
 * A site as a cluster of at most `nodes` workers that runs on one machine and behaves the same: its partitions, policies,
 * priorities, limits, features, GRES and topology. Nodes look as big as they are at the site. Everything that could not
 * be taken over stands in the notes.
 */
export function shrinkSite(site: Site, options: ShrinkOptions): Imported {
  const notes: Note[] = [];
  const { chosen, leftOut } = chooseNodes(nodeTypes(site), options.nodes);
  for (const type of leftOut) notes.push(droppedType(type, options.nodes));
  const kept = new Set([...chosen.values()].flat());
  const total = nodeNames(site).size;
  notes.push({
    kind: "scaled",
    what: "nodes",
    why: `${kept.size} of ${total} are kept: ${compressHostlist([...kept])}`,
  });
  const refused = refusedBy(options.problems);
  const partitions = site.partitions
    .map((part) => shrinkPartition(part, { site, kept, refused, notes }))
    .filter((part) => part !== undefined);
  const { scripts, notes: hookNotes } = hooksOf(site, options.hooks);
  const topology = usesTopology(site) ? shrinkTopology(topologySpecOf(site), kept, notes) : undefined;
  const used = new Set(partitions.flatMap((part) => part.nodes?.split(",") ?? []));
  const nodeSets = site.nodeSets.filter((set) => used.has(set.name)).map((set) => shrinkNodeSet(set, kept));
  const licensed = textOf(site, "AuthType") ?? "";
  const spec: ClusterSpecInput = {
    name: clusterName(site),
    slurm: site.slurm,
    ...(/slurm$/i.test(licensed) ? { auth: "slurm" } : {}),
    nodes: [
      ...controllers(site),
      ...[...chosen].map(([type, names]) => shrinkNode(type, names, { refused, notes })),
    ],
    ...(partitions.length > 0 ? { partitions: unique(partitions) } : {}),
    ...(nodeSets.length > 0 ? { nodeSets } : {}),
    ...(topology ? { topology } : {}),
    ...(Object.keys(scripts).length > 0 ? { scripts } : {}),
    ...accountingFor(site, notes),
    overrides: overridesOf(site, { refused, notes, knowledge: options.knowledge }),
  };
  if (site.downNodes.length > 0) notes.push({ kind: "left-out", what: "DownNodes", why: "every node is up" });
  for (const name of site.files.keys())
    if (/(\.key|\.jwks|\.pem)$/i.test(name))
      notes.push({
        kind: "left-out",
        what: name,
        why: "a secret is never copied; the cluster gets keys of its own",
      });
  return { spec, notes: [...notes, ...hookNotes] };
}

function droppedType(type: NodeType, nodes: number): Note {
  const marks = [...type.marks].filter((mark) => !mark.startsWith("hardware")).join(", ");
  const why = `one more type than ${nodes} nodes can hold${marks ? ` (${marks})` : ""}; give --shrink a larger number`;
  return { kind: "left-out", what: compressHostlist(type.names), why, place: type.line.line.place };
}

/** Codes of problems that make the daemon refuse the line: what is kept of it would keep the cluster from starting. */
const REFUSED = [
  "unknown-key",
  "removed-key",
  "misplaced-key",
  "bad-value",
  "bad-word",
  "bad-time",
  "unknown-plugin",
  "removed-plugin",
  "changed-option",
];

/** Why a setting is left out, by its place. */
type Refused = (setting: Setting) => string | undefined;

function refusedBy(problems: readonly Problem[]): Refused {
  const places = new Map(
    problems
      .filter((problem) => problem.severity === "error" && REFUSED.includes(problem.code ?? ""))
      .map((problem) => [JSON.stringify(problem.place), problem.message]),
  );
  return ({ place, valuePlace }) =>
    places.get(JSON.stringify(place)) ?? places.get(JSON.stringify(valuePlace));
}

interface Context {
  readonly refused: Refused;
  readonly notes: Note[];
}

/** Two controllers when the site has a backup; otherwise the lab adds one by itself. */
function controllers(site: Site): NodeSpecInput[] {
  const hosts =
    site.confs.get("slurm.conf")?.lines.filter((line) => line.key.toLowerCase() === "slurmctldhost") ?? [];
  const backups = hosts.length > 0 ? hosts.length - 1 : settingOf(site, "BackupController") ? 1 : 0;
  return backups === 0 ? [] : ["ctl1", "ctl2"].map((name) => ({ name, roles: ["slurmctld"] }));
}

function shrinkNode(type: NodeType, names: readonly string[], { refused, notes }: Context): NodeSpecInput {
  const host = compressHostlist(names);
  const settings = new Map(
    [...type.line.settings].filter(([key, setting]) => {
      const wrong = refused(setting);
      if (wrong)
        notes.push({ kind: "left-out", what: `${setting.key} of ${host}`, why: wrong, place: setting.place });
      return !wrong && !(key in NODE_LEFT) && key !== "gres" && !SHAPE_KEYS.includes(key);
    }),
  );
  const gres = type.line.settings.get("gres");
  return {
    ...nodeSpecOf(host, settings),
    ...resolvedShape(type.line.settings),
    ...(gres ? gresSpecOf(gres.value, host, notes) : {}),
  };
}

type PartitionSpec = NonNullable<ClusterSpecInput["partitions"]>[number];

function shrinkPartition(
  part: SiteRecord,
  { site, kept, refused, notes }: Context & { site: Site; kept: ReadonlySet<string> },
): PartitionSpec | undefined {
  const nodes = shrinkMembers(part.settings.get("nodes"), site, kept);
  if (!nodes) {
    const why = "none of its nodes is kept; give --shrink a larger number";
    notes.push({ kind: "left-out", what: `partition ${part.name}`, why, place: part.line.place });
    return undefined;
  }
  const slurm: Record<string, string | number> = {};
  for (const [key, setting] of part.settings) {
    if (key === "nodes" || key === "default") continue;
    const why = PARTITION_LEFT[key] ?? refused(setting);
    if (why)
      notes.push({
        kind: "left-out",
        what: `${setting.key} of partition ${part.name}`,
        why,
        place: setting.place,
      });
    else slurm[setting.key] = specValue(setting.value);
  }
  const standard = part.settings.get("default")?.value;
  return {
    name: part.name,
    nodes,
    ...(standard && /^(yes|up|true|1)$/i.test(standard) ? { default: true } : {}),
    ...(Object.keys(slurm).length > 0 ? { slurm } : {}),
  };
}

/** ALL and node sets stay what they are; of names, those that are kept. */
function shrinkMembers(
  setting: Setting | undefined,
  site: Site,
  kept: ReadonlySet<string>,
): string | undefined {
  if (!setting) return undefined;
  if (setting.value.toUpperCase() === "ALL") return "ALL";
  const members = membersOf(site, setting, nodeNames(site)).nodes.filter((name) => kept.has(name));
  if (members.length === 0) return undefined;
  const words = namesOf(setting.value.trim().replace(/\s+/g, ",")) ?? [];
  const sets = words.filter((word) => site.nodeSets.some((set) => set.name === word));
  return [
    ...sets,
    ...(sets.length < words.length ? [compressHostlist(words.filter((word) => kept.has(word)))] : []),
  ]
    .filter(Boolean)
    .join(",");
}

function shrinkNodeSet(set: SiteRecord, kept: ReadonlySet<string>) {
  const nodes = (namesOf(set.settings.get("nodes")?.value ?? "") ?? []).filter((name) => kept.has(name));
  const feature = set.settings.get("feature")?.value;
  return {
    name: set.name,
    ...(nodes.length > 0 ? { nodes: compressHostlist(nodes) } : {}),
    ...(feature ? { feature } : {}),
  };
}

/** A partition that is defined twice would be refused; the first one is kept. And the last Default=YES holds. */
function unique(partitions: readonly PartitionSpec[]): PartitionSpec[] {
  const first = partitions.filter((part, i) => partitions.findIndex((each) => each.name === part.name) === i);
  const standard = first.findLast((part) => part.default);
  return first.map(({ default: _, ...part }) =>
    part.name === standard?.name ? { ...part, default: true } : part,
  );
}

function usesTopology(site: Site): boolean {
  return /topology\/(tree|block)/i.test(textOf(site, "TopologyPlugin") ?? "");
}

type Overrides = NonNullable<ClusterSpecInput["overrides"]>;

function overridesOf(
  site: Site,
  { refused, notes, knowledge }: Context & { knowledge: SlurmKnowledge },
): Overrides {
  const main: Record<string, string | number | null> = {};
  for (const key of LAB_POLICIES) if (!settingOf(site, key)) main[key] = null;
  for (const line of site.confs.get("slurm.conf")?.lines ?? []) {
    if (line.record || isHook(line.key)) continue;
    const why = managedBy(line.key) ?? (isSecret(line.key) ? "a secret is never copied" : refused(line));
    if (why) notes.push({ kind: "left-out", what: line.key, why, place: line.place });
    else
      main[findKey(knowledge, "slurm.conf", "", line.key)?.name ?? line.key] = adapted(line.key, line.value);
  }
  // A node with more CPUs, memory and GPUs than the machine is what slurm.conf says only with this.
  main.SlurmdParameters = [
    ...new Set([...(textOf(site, "SlurmdParameters") ?? "").split(",").filter(Boolean), "config_overrides"]),
  ].join(",");
  if (main.PrologFlags) main.PrologFlags = withoutX11(String(main.PrologFlags));
  const cgroup = policy(site, "cgroup.conf", { keys: CGROUP_KEPT, refused, knowledge });
  // Slurm refuses to start with both; which of the two the site relies on is what it does not say of cgroups.
  const kills = /OverMemoryKill/i.test(String(main.JobAcctGatherParams ?? ""));
  return {
    "slurm.conf": main,
    "cgroup.conf": {
      ...(kills ? { ConstrainRAMSpace: "no" } : {}),
      ...(kills ? without(cgroup, "ConstrainRAMSpace") : cgroup),
    },
    "slurmdbd.conf": policy(site, "slurmdbd.conf", { keys: SLURMDBD_KEPT, refused, knowledge }),
  };
}

/** The keys of a file that say what jobs may do, and not where things are. */
function policy(
  site: Site,
  file: string,
  { keys, refused, knowledge }: { keys: readonly string[]; refused: Refused; knowledge: SlurmKnowledge },
): Record<string, string | number> {
  const lines = site.confs.get(file)?.lines ?? [];
  return Object.fromEntries(
    lines
      .filter((line) => keys.includes(line.key.toLowerCase()) && !refused(line))
      .map((line) => [findKey(knowledge, file, "", line.key)?.name ?? line.key, specValue(line.value)]),
  );
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

/** Plugins for job submission that are a policy and nothing else; the rest needs what the lab does not have. */
const SUBMIT_PLUGINS = [
  "all_partitions",
  "defaults",
  "logging",
  "lua",
  "partition",
  "require_timelimit",
  "throttle",
];

function adapted(key: string, value: string): string | number | null {
  if (/^(jobsubmitplugins|clifilterplugins)$/i.test(key)) {
    const names = value.split(",").map((name) => name.trim().replace(/^.*\//, ""));
    const kept = names.filter((name) => SUBMIT_PLUGINS.includes(name.toLowerCase()));
    return kept.length > 0 ? kept.join(",") : null;
  }
  return specValue(value);
}

function withoutX11(flags: string): string | null {
  return (
    flags
      .split(",")
      .filter((flag) => !/^x11$/i.test(flag))
      .join(",") || null
  );
}
