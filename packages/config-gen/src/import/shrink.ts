import type { SlurmKnowledge } from "../knowledge/knowledge.ts";
import { nodeNames } from "../lint/names.ts";
import type { Problem } from "../problem.ts";
import { CONF_FILES, type Site, settingOf, textOf } from "../read/site.ts";
import { compressHostlist } from "../slurm/hostlist.ts";
import type { ClusterSpecInput } from "../spec/schema.ts";
import { accountingFor } from "./accounting-spec.ts";
import { clusterName, type Imported } from "./exact.ts";
import { gresSpecOf } from "./gpu-spec.ts";
import { type HookMode, hooksOf } from "./hooks.ts";
import { NODE_LEFT } from "./managed.ts";
import { type NodeSpecInput, nodeSpecOf, resolvedShape, SHAPE_KEYS } from "./node-spec.ts";
import { chooseNodes, type NodeType, nodeTypes } from "./node-types.ts";
import type { Note } from "./note.ts";
import { secretFiles } from "./other-files.ts";
import { ownNames, withoutLocalhost } from "./own-names.ts";
import { type Context, refusedBy } from "./refused.ts";
import { shrinkOverrides } from "./shrink-overrides.ts";
import { shrinkPartitions } from "./shrink-partitions.ts";
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
  const context = { refused: refusedBy(options.problems), notes };
  const { chosen, leftOut } = chooseNodes(nodeTypes(site), options.nodes);
  for (const type of leftOut) notes.push(droppedType(type, options.nodes));
  const kept = new Set([...chosen.values()].flat());
  const total = nodeNames(site).size;
  const why = `${kept.size} of ${total} are kept: ${compressHostlist([...kept])}`;
  notes.push({ kind: "scaled", what: "nodes", why });
  const { partitions, nodeSets } = shrinkPartitions({ ...context, site, kept });
  const { scripts, notes: hookNotes } = hooksOf(site, options.hooks);
  const topology = usesTopology(site) ? shrinkTopology(topologySpecOf(site), kept, notes) : undefined;
  const spec: ClusterSpecInput = {
    name: clusterName(site),
    slurm: site.slurm,
    ...(/slurm$/i.test(textOf(site, "AuthType") ?? "") ? { auth: "slurm" } : {}),
    nodes: [
      ...controllers(site),
      ...ownNames([...kept, ...controllers(site).map((node) => node.name)]),
      ...[...chosen].map(([type, names]) => shrinkNode(type, names, { ...context, slurm: site.slurm })),
      ...(kept.size === 0 ? [aWorker(notes)] : []),
    ],
    ...(partitions.length > 0 ? { partitions: [...partitions] } : {}),
    ...(nodeSets.length > 0 ? { nodeSets: [...nodeSets] } : {}),
    ...(topology ? { topology } : {}),
    ...(Object.keys(scripts).length > 0 ? { scripts } : {}),
    ...accountingFor(site, notes),
    overrides: shrinkOverrides(site, { ...context, knowledge: options.knowledge }),
  };
  if (site.downNodes.length > 0) notes.push({ kind: "left-out", what: "DownNodes", why: "every node is up" });
  notes.push(...hookNotes, ...filesLeft(site, topology !== undefined), ...secretFiles(site));
  return { spec: withoutLocalhost(spec, kept, notes), notes };
}

/** A cluster without any node is one for Slurm, and nothing could run on it. */
function aWorker(notes: Note[]): NodeSpecInput {
  notes.push({ kind: "added", what: "node c1", why: "the site has none of its own" });
  return { name: "c1", roles: ["slurmd"] };
}

/** Files of the site's that the cluster has none of, or one of its own. */
function filesLeft(site: Site, topology: boolean): Note[] {
  const handled = ["slurm.conf", "slurmdbd.conf", "cgroup.conf", ...(topology ? ["topology.conf"] : [])];
  return [...CONF_FILES, "plugstack.conf", "topology.yaml"]
    .filter((name) => site.files.has(name) && !handled.includes(name))
    .map((what) =>
      what === "gres.conf"
        ? { kind: "replaced", what, why: "by one for the GPUs that the nodes have here" }
        : { kind: "left-out", what, why: "the lab has no part for it" },
    );
}

function droppedType(type: NodeType, nodes: number): Note {
  const marks = [...type.marks].filter((mark) => !mark.startsWith("hardware")).join(", ");
  const why = `one more type than ${nodes} nodes can hold${marks ? ` (${marks})` : ""}; give --shrink a larger number`;
  return { kind: "left-out", what: compressHostlist(type.names), why, place: type.line.line.place };
}

/** Two controllers when the site has a backup; otherwise the lab adds one by itself. */
function controllers(site: Site): NodeSpecInput[] {
  const hosts =
    site.confs.get("slurm.conf")?.lines.filter((line) => line.key.toLowerCase() === "slurmctldhost") ?? [];
  const backups = hosts.length > 0 ? hosts.length - 1 : settingOf(site, "BackupController") ? 1 : 0;
  return backups === 0 ? [] : ["ctl1", "ctl2"].map((name) => ({ name, roles: ["slurmctld"] }));
}

function shrinkNode(
  type: NodeType,
  names: readonly string[],
  { refused, notes, slurm }: Context & { slurm: string },
): NodeSpecInput {
  const host = compressHostlist(names);
  const settings = new Map(
    [...type.line.settings].filter(([key, setting]) => {
      const wrong = refused(setting);
      if (wrong)
        notes.push({ kind: "left-out", what: `${setting.key} of ${host}`, why: wrong, place: setting.place });
      const own = NODE_LEFT.get(key);
      const usual = key === "state" && /^(unknown|idle)$/i.test(setting.value);
      if (!wrong && own && !usual)
        notes.push({ kind: "left-out", what: `${setting.key} of ${host}`, why: own, place: setting.place });
      return !wrong && !own && key !== "gres" && !SHAPE_KEYS.includes(key);
    }),
  );
  const gres = type.line.settings.get("gres");
  const shape = shapeOf(type, host, notes);
  const threads = type.line.settings.get("threadspercore");
  if (threads && Number(threads.value) > (shape.threads ?? 1)) {
    const what = `${threads.key} of ${host}`;
    notes.push({ kind: "left-out", what, why: "its CPUs do not count them", place: threads.place });
  }
  return {
    ...nodeSpecOf(host, settings),
    ...shape,
    ...(gres ? gresSpecOf(gres.value, { host, slurm, notes }) : {}),
  };
}

/** As large as a specification takes. */
const MAX_SIZE = 4096;

function shapeOf({ line }: NodeType, host: string, notes: Note[]): ReturnType<typeof resolvedShape> {
  const shape = resolvedShape(line.settings);
  if (Object.values(shape).every((size) => (size ?? 1) <= MAX_SIZE)) return shape;
  const why = `a node here has at most ${MAX_SIZE}`;
  notes.push({ kind: "scaled", what: `CPUs of ${host}`, why, place: line.line.place });
  return { cpus: MAX_SIZE, sockets: 1, cores: MAX_SIZE, threads: 1 };
}

function usesTopology(site: Site): boolean {
  return /topology\/(tree|block)/i.test(textOf(site, "TopologyPlugin") ?? "");
}
