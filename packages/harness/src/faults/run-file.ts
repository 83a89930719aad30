import type { Node } from "../cluster/node.ts";
import type { Daemon } from "../cluster/roles.ts";

/** What runit runs for a daemon, in the node's own copy of the services. */
export function runFileOf(node: Node, daemon: Daemon["name"]): string {
  return `/run/sv/${node.service(daemon)}/run`;
}
