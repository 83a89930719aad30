import { expandHostlist } from "@slurmlab/config-gen";
import { isRecord } from "../document/yaml-document.ts";

/** Nodes that every cluster gets, whoever writes them down. */
const ADDED = ["ctl", "dbd", "db", "login"];

/**
 * The names of a cluster's nodes as far as they can be told of one that has problems: of those that it writes down, and
 * those that are added. Undefined when a name is no hostlist.
 */
export function likelyNodes(spec: unknown): string[] | undefined {
  const nodes = isRecord(spec) ? spec.nodes : undefined;
  if (!Array.isArray(nodes)) return undefined;
  const names = nodes.map((node) => (isRecord(node) ? node.name : undefined));
  if (!names.every((name) => typeof name === "string")) return undefined;
  try {
    return [...names.flatMap((name) => expandHostlist(name)), ...ADDED];
  } catch {
    return undefined;
  }
}
