import type { LogMarks } from "../cluster/log-marks.ts";
import type { Node } from "../cluster/node.ts";
import type { Daemon } from "../cluster/roles.ts";
import type { Condition } from "./condition.ts";
import { firstMatching } from "./matching.ts";
import { met, pending } from "./probe.ts";

/** A daemon's log on a node to have a line, behind the mark. Meets with the line. */
export function logMatches(
  log: { readonly daemon: Daemon["name"]; readonly node: Node; readonly matches: RegExp },
  logs: LogMarks,
): Condition<string> {
  const { daemon, node, matches } = log;
  return {
    title: `the log of ${daemon} on ${node.name} to match ${matches}`,
    at: { node: node.name },
    argv: logs.argvAfter(node, daemon),
    judge({ output }) {
      const lines = output.split("\n").filter(Boolean);
      const line = lines[firstMatching(matches, lines)];
      if (line !== undefined) return met(line);
      const last = lines.slice(-3).map((each) => each.slice(0, 200));
      return pending(
        lines.length === 0 ? "no new line" : `${lines.length} new lines, the last:\n${last.join("\n")}`,
      );
    },
  };
}
