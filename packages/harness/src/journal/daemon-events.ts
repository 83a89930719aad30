import type { MergedLine } from "../logs/line.ts";
import type { RunEvent } from "./event.ts";

/** What each daemon writes when it is up. munged's lines have no time when it runs in the foreground: its service writes for it. */
const UP =
  /^(slurmctld|slurmdbd|slurmd) version \S+ started|^(?:\[MY-\d+\] \[\w+\] )?\S*(mariadbd|mysqld): ready for connections/;

/** What `finish` of a node's supervisor writes when a daemon has ended. */
const ENDED = /^(\S+) ended: (.+)$/;
const STARTED = /^(munged) started$/;

interface TimedEvent {
  readonly time: number;
  readonly event: RunEvent;
}

/** Starts and ends of daemons, as their logs and the supervisor's tell them, with the moment of each since 1970. */
export function daemonEvents(lines: readonly MergedLine[]): TimedEvent[] {
  return lines.flatMap(({ time, node, daemon, text }): TimedEvent[] => {
    if (time === undefined) return [];
    const ended = daemon === "supervisor" ? ENDED.exec(text) : null;
    if (ended) {
      const [, name = "", how = ""] = ended;
      const sharing = /^slurmd-(.+)$/.exec(name)?.[1];
      const who = sharing === undefined ? { node, daemon: name } : { node: sharing, daemon: "slurmd" };
      return [{ time, event: { kind: "daemon-state", ...who, to: "ended", how } }];
    }
    const started = daemon === "supervisor" ? STARTED.exec(text)?.[1] : undefined;
    if (started) return [{ time, event: { kind: "daemon-state", node, daemon: started, to: "started" } }];
    if (!UP.test(text)) return [];
    return [{ time, event: { kind: "daemon-state", node, daemon, to: "started" } }];
  });
}
