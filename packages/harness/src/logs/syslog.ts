import type { LogDaemon } from "./line.ts";
import type { LogFile } from "./merge.ts";

/** `Nov 22 06:00:00 head slurmctld[812]: ` and `2026-11-22T06:00:00.123456+01:00 head slurmctld[812]: `. */
const PREFIX =
  /^(?:[A-Z][a-z]{2} +\d+ [\d:]+|\d{4}-\d\d-\d\dT\S+) (\S+) (slurm(?:ctld|dbd|d|stepd|restd)|sackd|munged|mariadbd|mysqld)(?:\[\d+\])?: /;

/** The lines of the daemons that are known, out of a log of a whole machine, or of many: a log a daemon and host. */
export function bySyslog(text: string, name: string): LogFile[] {
  const lines = text.split("\n").flatMap((line) => {
    const match = PREFIX.exec(line);
    return match ? [{ line, node: match[1] ?? "", daemon: daemonNamed(match[2] ?? "") }] : [];
  });
  return [...Map.groupBy(lines, ({ node, daemon }) => `${node} ${daemon}`).values()].map((own) => ({
    node: own[0]?.node ?? "",
    daemon: own[0]?.daemon ?? "other",
    name,
    text: own.map(({ line }) => line).join("\n"),
  }));
}

function daemonNamed(program: string): LogDaemon {
  return program === "mysqld" ? "mariadbd" : (program as LogDaemon);
}
