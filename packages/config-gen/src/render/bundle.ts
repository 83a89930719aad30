import type { ClusterPlan } from "../spec/plan.ts";
import type { Role } from "../spec/schema.ts";
import { renderCgroupConf } from "./cgroup-conf.ts";
import { databaseInitSql } from "./database.ts";
import { renderGresConf } from "./gres-conf.ts";
import type { Ground, Secrets } from "./ground.ts";
import { PATHS } from "./paths.ts";
import { renderSlurmConf } from "./slurm-conf.ts";
import { renderSlurmdbdConf } from "./slurmdbd-conf.ts";

/** One generated file: what is in it, where it goes, and who may read it. */
export interface ConfigFile {
  /** Absolute path in the container. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** User and group by name: numbers differ from image to image. */
  readonly owner: string;
  readonly mode: number;
  /** Secret files appear masked in evidence and never in a label, log or report. */
  readonly secret: boolean;
  /** Nodes that get it: those with one of these roles, or all. */
  readonly roles: readonly Role[] | "all";
}

const SLURM_ROLES: readonly Role[] = ["slurmctld", "slurmdbd", "slurmd", "login"];

/** Every file of the cluster. Pure: the same plan, ground and secrets always give the same bytes. */
export function renderBundle(plan: ClusterPlan, ground: Ground, secrets: Secrets): ConfigFile[] {
  const open = { owner: "root:root", mode: 0o644, secret: false, roles: SLURM_ROLES };
  const gres = renderGresConf(plan, ground);
  return [
    { ...open, path: PATHS.slurmConf, content: renderSlurmConf(plan, ground) },
    ...(gres ? [{ ...open, path: PATHS.gresConf, content: gres }] : []),
    { ...open, path: PATHS.cgroupConf, content: renderCgroupConf(plan, ground) },
    {
      path: PATHS.slurmdbdConf,
      content: renderSlurmdbdConf(plan, secrets),
      // slurmdbd is fatal on any other owner or mode (slurmdbd/read_config.c).
      owner: "slurm:slurm",
      mode: 0o600,
      secret: true,
      roles: ["slurmdbd"],
    },
    {
      path: PATHS.mungeKey,
      content: secrets.mungeKey,
      owner: "munge:munge",
      mode: 0o400,
      secret: true,
      roles: SLURM_ROLES,
    },
    {
      path: PATHS.jwtKey,
      content: secrets.jwtKey,
      owner: "slurm:slurm",
      mode: 0o600,
      secret: true,
      roles: ["slurmctld", "slurmdbd"],
    },
    {
      path: PATHS.databaseInit,
      content: databaseInitSql(secrets),
      owner: "mysql:mysql",
      mode: 0o400,
      secret: true,
      roles: ["database"],
    },
  ];
}
