import { nodeNames } from "../lint/names.ts";
import type { ConfLine } from "../read/conf-file.ts";
import { type Site, textOf } from "../read/site.ts";
import { checkTopology } from "../spec/check-topology.ts";
import { topology } from "../spec/partition-schema.ts";
import { Problems } from "../spec/problems.ts";
import type { ClusterSpecInput } from "../spec/schema.ts";
import { PLAIN_HOSTLIST } from "./exact.ts";

export type TopologySpec = NonNullable<ClusterSpecInput["topology"]>;

/** topology.conf as a specification has it; undefined when there is none, or it says what no field has. */
export function topologySpecOf(site: Site): TopologySpec | undefined {
  const lines = site.confs.get("topology.conf")?.lines ?? [];
  if (lines.length === 0) return undefined;
  if (lines.every((line) => /^switchname$/i.test(line.key))) {
    const tree = lines.map(switchOf);
    return tree.every((each) => each !== undefined) ? { tree } : undefined;
  }
  const sizes = lines.find((line) => /^blocksizes$/i.test(line.key));
  const blocks = lines.filter((line) => line !== sizes).map(blockOf);
  if (!sizes || !/^\d+(,\d+)*$/.test(sizes.value) || !blocks.every((each) => each !== undefined))
    return undefined;
  return { block: { sizes: sizes.value.split(",").map(Number), blocks } };
}

/**
 * The same, where a specification can say just this: a plugin is named, and the switches fit the nodes. What does not
 * fit stays as it stands.
 */
export function exactTopology(site: Site): TopologySpec | undefined {
  const spec = topologySpecOf(site);
  if (!spec || textOf(site, "TopologyPlugin") === undefined) return undefined;
  const said = topology.safeParse(spec);
  const problems = new Problems();
  checkTopology(said.data, site.slurm, nodeNames(site), problems);
  return said.success && problems.list.length === 0 ? spec : undefined;
}

/** The attributes when they are all among `known`, and plain. */
function plain(line: ConfLine, known: readonly string[]): Map<string, string> | undefined {
  const values = new Map(line.attributes.map((each) => [each.key.toLowerCase(), each.value]));
  const fits = [...values].every(([key, value]) => known.includes(key) && PLAIN_HOSTLIST.test(value));
  return fits && PLAIN_HOSTLIST.test(line.value) ? values : undefined;
}

function switchOf(line: ConfLine) {
  const values = plain(line, ["nodes", "switches", "linkspeed"]);
  if (!values) return undefined;
  const [nodes, switches, speed] = [values.get("nodes"), values.get("switches"), values.get("linkspeed")];
  if (speed !== undefined && !/^[1-9]\d*$/.test(speed)) return undefined;
  return {
    switch: line.value,
    ...(nodes ? { nodes } : {}),
    ...(switches ? { switches } : {}),
    ...(speed ? { linkSpeed: Number(speed) } : {}),
  };
}

function blockOf(line: ConfLine) {
  const nodes = plain(line, ["nodes"])?.get("nodes");
  return nodes && /^blockname$/i.test(line.key) ? { name: line.value, nodes } : undefined;
}
