import { overrideText } from "../spec/overrides.ts";
import type { ClusterPlan } from "../spec/planned.ts";

/** Where the generated files go, in one place: images, daemons and tests use these. */
export const PATHS = {
  folder: "/etc/slurm",
  slurmConf: "/etc/slurm/slurm.conf",
  gresConf: "/etc/slurm/gres.conf",
  cgroupConf: "/etc/slurm/cgroup.conf",
  slurmdbdConf: "/etc/slurm/slurmdbd.conf",
  /** Where a configless slurmd keeps what slurmctld has sent it, before it has read any SlurmdSpoolDir. */
  confCache: "/var/spool/slurmd/conf-cache",
  plugstackConf: "/etc/slurm/plugstack.conf",
  topologyConf: "/etc/slurm/topology.conf",
  topologyYaml: "/etc/slurm/topology.yaml",
  scripts: "/etc/slurm/scripts",
  jwtKey: "/etc/slurm/jwt_hs256.key",
  slurmKey: "/etc/slurm/slurm.key",
  mungeKey: "/etc/munge/munge.key",
  databaseInit: "/etc/slurmlab/database.sql",
  ganeshaConf: "/etc/ganesha/ganesha.conf",
  stateSave: "/var/spool/slurmctld",
  spool: "/var/spool/slurmd",
} as const;

/** Where slurmctld keeps its state; several controllers must share it. */
export function stateSaveLocation(plan: Pick<ClusterPlan, "overrides">): string {
  return overrideText(plan, "slurm.conf", "StateSaveLocation") ?? PATHS.stateSave;
}

/** Where the key of auth/jwt has to be; undefined when the files that the plan stands for do not use it. */
export function jwtKeyPath(plan: Pick<ClusterPlan, "overrides" | "defaults">): string | undefined {
  const said = ["slurm.conf", "slurmdbd.conf"] as const;
  for (const file of said) {
    const path = /jwt_key=([^,\s]+)/i.exec(overrideText(plan, file, "AuthAltParameters") ?? "")?.[1];
    if (path) return path;
  }
  return plan.defaults === "lab" ? PATHS.jwtKey : undefined;
}

/**
 * Whom slurmctld (slurm.conf) or slurmdbd (slurmdbd.conf) runs as, and whom its secret files have to belong to. Slurm's
 * own default is root, a lab's is slurm.
 */
export function slurmUser(
  plan: Pick<ClusterPlan, "overrides" | "defaults">,
  file: "slurm.conf" | "slurmdbd.conf",
): string {
  const fallback = plan.defaults === "lab" ? "slurm" : "root";
  return overrideText(plan, file, "SlurmUser") ?? fallback;
}
