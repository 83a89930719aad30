import { nearest } from "../../nearest.ts";
import type { Problem } from "../../problem.ts";
import type { ConfLine, Setting } from "../../read/conf-file.ts";
import { settingOf, textOf } from "../../read/site.ts";
import { compressHostlist } from "../../slurm/hostlist.ts";
import { since } from "../../slurm/version.ts";
import { namesOf, nodeNames } from "../names.ts";
import { errorAt, type Subject, warningAt } from "../rule.ts";

/** topology.conf against the nodes of slurm.conf, and against itself. */
export function* topology({ site, knowledge }: Subject): Generator<Problem> {
  const plugin = settingOf(site, "TopologyPlugin");
  const kind = (plugin?.value ?? "").toLowerCase().replace("topology/", "");
  const conf = site.confs.get("topology.conf");
  const first = conf?.lines[0];
  const yaml = site.files.has("topology.yaml");
  if (plugin && (kind === "tree" || kind === "block") && !conf && !yaml) {
    const message = `${plugin.value} reads topology.conf, and there is none in the folder`;
    const says = "something wrong with opening/reading topology.conf: No such file or directory";
    yield errorAt(plugin, {
      code: "no-topology",
      message,
      hint: "add topology.conf, or leave TopologyPlugin out",
      says,
    });
  }
  if (!conf || !first) return;
  if (!plugin || kind === "none" || kind === "flat" || kind === "default") {
    const message = `topology.conf is not read: slurm.conf has ${plugin ? `TopologyPlugin=${plugin.value}` : "no TopologyPlugin"}`;
    yield warningAt(
      first,
      { code: "topology-unused", message, hint: "TopologyPlugin=topology/tree in slurm.conf" },
      "key",
    );
    return;
  }
  const groups = conf.lines.filter((line) => /^(switchname|blockname)$/i.test(line.key));
  yield* children(groups);
  yield* roots(groups, since(knowledge.slurm, "24.11"));
  yield* members(groups, nodeNames(site), since(knowledge.slurm, "24.11"));
  if (kind === "tree" && /^select\/linear$/i.test(textOf(site, "SelectType") ?? "") && plugin) {
    const says =
      "select/linear with topology/tree is not supported. Please switch to select/cons_tres or stop using topology/tree.";
    if (since(knowledge.slurm, "24.11"))
      yield errorAt(plugin, {
        code: "contradiction",
        message: "topology/tree does not work with select/linear",
        hint: "SelectType=select/cons_tres",
        says,
      });
  }
}

function attribute(line: ConfLine, key: string): Setting | undefined {
  return line.attributes.findLast((each) => each.key.toLowerCase() === key);
}

function* members(
  groups: readonly ConfLine[],
  known: ReadonlySet<string>,
  warns: boolean,
): Generator<Problem> {
  const reached = new Set<string>();
  const mark = warns ? "" : "WARNING: ";
  for (const group of groups) {
    const setting = attribute(group, "nodes");
    const names = setting ? (namesOf(setting.value) ?? []) : [];
    const switches = /^switch/i.test(group.key);
    const strangers = names.filter((name) => !known.has(name) && name.toUpperCase() !== "ALL");
    const stranger = strangers[0];
    if (setting && stranger !== undefined) {
      const near = nearest(stranger, known);
      yield warningAt(setting, {
        code: "unknown-node",
        message: `${compressHostlist(strangers)} is defined in no NodeName line of slurm.conf`,
        hint: near && strangers.length === 1 ? `did you mean ${near}?` : "define it there, or take it out",
        says: `${mark}Invalid hostnames in ${switches ? "switch" : "block"} configuration: ${compressHostlist(strangers)}`,
      });
    }
    const again = names.filter((name) => reached.has(name));
    if (setting && again.length > 0) {
      const hosts = compressHostlist(again);
      const message = `${hosts} ${again.length === 1 ? "is" : "are"} on another ${switches ? "switch" : "block"} above as well`;
      const says = `${mark}Multiple leaf ${switches ? "switches" : "blocks"} contain nodes: ${hosts}`;
      yield warningAt(setting, { code: "node-on-two-switches", message, hint: "put each node on one", says });
    }
    for (const name of names.includes("ALL") ? known : names) reached.add(name);
  }
  const missing = [...known].filter((name) => !reached.has(name));
  const first = groups[0];
  if (missing.length === 0 || !first) return;
  const hosts = compressHostlist(missing);
  const kind = /^switch/i.test(first.key) ? "switches" : "blocks";
  yield warningAt(
    first,
    {
      code: "node-in-no-switch",
      message: `${hosts} ${missing.length === 1 ? "is" : "are"} on none of the ${kind}`,
      hint: "add to a line's Nodes=: no job can span the gap",
      says: `${mark}${kind} lack access to ${missing.length} nodes: ${hosts}`,
    },
    "key",
  );
}

function* children(groups: readonly ConfLine[]): Generator<Problem> {
  const names = new Map<string, ConfLine>();
  for (const group of groups) {
    const before = names.get(group.value);
    const isSwitch = /^switch/i.test(group.key);
    if (before) {
      const message = `${group.value} is defined already at ${before.place.file}:${before.place.line}`;
      const says = `${isSwitch ? "Switch" : "Block"} (${group.value}) has already been defined`;
      yield errorAt(group, { code: "switch-twice", message, hint: "define each once", says });
    }
    names.set(group.value, group);
    if (!isSwitch) continue;
    const [nodes, switches] = [attribute(group, "nodes"), attribute(group, "switches")];
    if (nodes && switches) {
      const says = `switch ${group.value} has both child switches and nodes`;
      yield errorAt(
        switches,
        {
          code: "exclusive-keys",
          message: "a switch has nodes or switches, not both",
          hint: "keep one of them",
          says,
        },
        "key",
      );
    } else if (!nodes && !switches) {
      const says = `switch ${group.value} has neither child switches nor nodes`;
      yield errorAt(group, {
        code: "empty-switch",
        message: `switch ${group.value} has neither nodes nor switches`,
        hint: "add Nodes= or Switches=",
        says,
      });
    }
  }
  for (const group of groups) {
    const setting = attribute(group, "switches");
    for (const name of setting ? (namesOf(setting.value) ?? []) : []) {
      if (!setting || names.has(name)) continue;
      const near = nearest(name, names.keys());
      const says = `Switch configuration ${group.value} has invalid child (${name})`;
      yield errorAt(setting, {
        code: "unknown-switch",
        message: `there is no switch ${name}`,
        hint: near && `did you mean ${near}?`,
        says,
      });
    }
  }
}

/** Several trees: a job can have nodes of one of them only. */
function* roots(groups: readonly ConfLine[], warns: boolean): Generator<Problem> {
  const below = new Set(groups.flatMap((group) => namesOf(attribute(group, "switches")?.value ?? "") ?? []));
  const tops = groups.filter((group) => /^switch/i.test(group.key) && !below.has(group.value));
  const second = tops[1];
  if (!second) return;
  yield warningAt(second, {
    code: "several-trees",
    message: `no switch is above both ${tops[0]?.value} and ${second.value}, so no job can have nodes of both`,
    hint: "add a SwitchName line with Switches= over them, if they are connected",
    says: warns
      ? "TOPOLOGY: no switch can reach all nodes through its descendants. If this is not intentional, fix the topology.conf file."
      : "TOPOLOGY: warning -- no switch can reach all nodes through its descendants. If this is not intentional, fix the topology.conf file.",
  });
}
