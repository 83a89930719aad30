import { DAEMONS, type LogDaemon } from "./line.ts";

/**
 * Which daemon wrote a log, by the name of its file; undefined when the name does not say. Sites write a node's name
 * into it (`slurmd.c1.log`, `slurmd-c1.log`), and rotate it (`slurmctld.log-20261122`, `slurmctld.log.1`).
 */
export function daemonOfFile(name: string): LogDaemon | undefined {
  const base = name.toLowerCase();
  if (/^(?:mariadb|mysql)/.test(base)) return "mariadbd";
  if (/^munge/.test(base)) return "munged";
  return DAEMONS.filter((daemon) => daemon !== "other").find((daemon) =>
    new RegExp(`(?:^|[^a-z])${daemon}(?:[^a-z]|$)`).test(base),
  );
}
